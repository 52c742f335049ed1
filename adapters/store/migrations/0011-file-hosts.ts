import { textColumn } from './columns.ts'
import type { Migration } from './migration.ts'

/** Hosts of a body's own from which files are read for the recipients of its messages. */
export const fileHosts: Migration = {
  name: '0011-file-hosts',
  tables: [],
  up: async (knex) => {
    if (!(await knex.schema.hasColumn('agency', 'file_hosts')))
      await knex.schema.alterTable('agency', (table) => {
        textColumn(table, 'file_hosts')
      })
  },
}
