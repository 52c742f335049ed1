import { msColumn } from './columns.ts'
import type { Migration } from './migration.ts'

/** Since when it is not known whether a delivery arrived, where its recipient can be asked. */
export const doubts: Migration = {
  name: '0021-doubts',
  tables: [],
  up: async (knex) => {
    if (!(await knex.schema.hasColumn('delivery', 'doubted_at')))
      await knex.schema.alterTable('delivery', (table) => {
        msColumn(table, 'doubted_at')
      })
  },
}
