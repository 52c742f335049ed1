import { codeColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

/** The last number drawn of each series, such as the dossiers of one body in one year. */
export const numbers: Migration = {
  name: '0012-numbers',
  tables: ['number_series'],
  up: (knex, engine) =>
    createTable({ knex, engine }, 'number_series', (table) => {
      codeColumn(table, 'series').notNullable().primary()
      table.bigInteger('last_number').notNullable()
    }),
}
