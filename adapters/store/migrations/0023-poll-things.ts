import { codeColumn, hashColumn, textColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

/** What was settled of lists that bodies' servers give whole each time. */
export const pollThings: Migration = {
  name: '0023-poll-things',
  tables: ['poll_thing'],
  up: (knex, engine) =>
    createTable({ knex, engine }, 'poll_thing', (table) => {
      codeColumn(table, 'agency').notNullable()
      hashColumn(table, 'list_key').notNullable()
      hashColumn(table, 'thing_key').notNullable()
      textColumn(table, 'name').notNullable()
      codeColumn(table, 'version').notNullable()
      table.primary(['agency', 'list_key', 'thing_key'])
    }),
}
