import { codeColumn, msColumn, textColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

/** Copies of the directories of organisations that partners keep. */
export const organisations: Migration = {
  name: '0021-organisations',
  tables: ['organisation', 'organisation_copy'],
  up: async (knex, engine) => {
    await createTable({ knex, engine }, 'organisation', (table) => {
      codeColumn(table, 'agency').notNullable()
      codeColumn(table, 'code_key').notNullable()
      codeColumn(table, 'other_key').notNullable()
      codeColumn(table, 'code').notNullable()
      codeColumn(table, 'other').notNullable()
      textColumn(table, 'name').notNullable()
      codeColumn(table, 'parent').notNullable()
      table.primary(['agency', 'code_key'])
      table.index(['agency', 'other_key'], 'organisation_other')
    })
    await createTable({ knex, engine }, 'organisation_copy', (table) => {
      codeColumn(table, 'agency').notNullable().primary()
      msColumn(table, 'read_at').notNullable()
      table.integer('count').notNullable()
    })
  },
}
