import { idColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

/** Messages by number, for senders that know no other ids. */
export const messageNumbers: Migration = {
  name: '0022-message-numbers',
  tables: ['message_number'],
  up: (knex, engine) =>
    createTable({ knex, engine }, 'message_number', (table) => {
      table.bigInteger('number').notNullable().primary()
      idColumn(table, 'message_id').notNullable()
      table.unique(['message_id'], { indexName: 'message_number_of' })
    }),
}
