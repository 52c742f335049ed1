import { idColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

/** Deliveries by number, for clients that know no other ids. */
export const deliveryNumbers: Migration = {
  name: '0018-delivery-numbers',
  tables: ['delivery_number'],
  up: (knex, engine) =>
    createTable({ knex, engine }, 'delivery_number', (table) => {
      table.bigInteger('number').notNullable().primary()
      idColumn(table, 'delivery_id').notNullable()
      table.unique(['delivery_id'], { indexName: 'delivery_number_of' })
    }),
}
