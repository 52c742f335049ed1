import { codeColumn, hashColumn, textColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

/** What is remembered of a recipient from one delivery to the next, such as its own id of a dossier. */
export const recipientNotes: Migration = {
  name: '0024-recipient-notes',
  tables: ['recipient_note'],
  up: (knex, engine) =>
    createTable({ knex, engine }, 'recipient_note', (table) => {
      hashColumn(table, 'thing').notNullable().primary()
      codeColumn(table, 'agency').notNullable()
      textColumn(table, 'note').notNullable()
    }),
}
