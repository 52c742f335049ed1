import { codeColumn, msColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

/** When each body's server is asked next for what it holds for us, and who is at it. */
export const polls: Migration = {
  name: '0015-polls',
  tables: ['poll'],
  up: (knex, engine) =>
    createTable({ knex, engine }, 'poll', (table) => {
      codeColumn(table, 'agency').notNullable().primary()
      msColumn(table, 'due_at').notNullable()
      table.integer('failures').notNullable()
      codeColumn(table, 'lease_owner')
      msColumn(table, 'lease_until').notNullable()
    }),
}
