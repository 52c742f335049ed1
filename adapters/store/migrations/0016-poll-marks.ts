import { textColumn } from './columns.ts'
import type { Migration } from './migration.ts'

/** How far the list of a body's server was settled, where that list never gets shorter. */
export const pollMarks: Migration = {
  name: '0016-poll-marks',
  tables: [],
  up: async (knex) => {
    if (!(await knex.schema.hasColumn('poll', 'mark')))
      await knex.schema.alterTable('poll', (table) => {
        textColumn(table, 'mark')
      })
  },
}
