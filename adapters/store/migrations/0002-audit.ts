import { createTable } from './create-table.ts'
import { codeColumn, idColumn, msColumn, textColumn } from './columns.ts'
import type { Migration } from './migration.ts'

/** Who did what, and the person behind a credential. */
export const audit: Migration = {
  name: '0002-audit',
  tables: ['audit'],
  up: async (knex, engine) => {
    await createTable({ knex, engine }, 'audit', (table) => {
      idColumn(table, 'id').notNullable().primary()
      msColumn(table, 'at').notNullable()
      codeColumn(table, 'credential_id').notNullable()
      textColumn(table, 'person')
      codeColumn(table, 'agency')
      codeColumn(table, 'act').notNullable()
      table.string('object', 200).notNullable()
      codeColumn(table, 'body')
      textColumn(table, 'before_value').notNullable()
      textColumn(table, 'after_value').notNullable()
      textColumn(table, 'reason')
      table.index(['body', 'id'], 'audit_body')
      table.index(['object', 'id'], 'audit_object')
    })
    if (!(await knex.schema.hasColumn('credential', 'person')))
      await knex.schema.alterTable('credential', (table) => {
        textColumn(table, 'person')
      })
  },
}
