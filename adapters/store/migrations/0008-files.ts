import { codeColumn, hashColumn, idColumn, msColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration, Tables } from './migration.ts'

/** Addresses are those of the blob store: what no row names there is an orphan. */
const fileTables: Tables = {
  file: (table) => {
    idColumn(table, 'id').notNullable().primary()
    codeColumn(table, 'owner').notNullable()
    hashColumn(table, 'digest').notNullable()
    table.bigInteger('size').notNullable()
    hashColumn(table, 'address').notNullable()
    table.string('media_type', 100).notNullable()
    msColumn(table, 'at').notNullable()
    // Of the first message that refers to it.
    msColumn(table, 'used_at')
    table.index(['address'], 'file_address')
    table.index(['used_at', 'at'], 'file_unused')
  },
  // Large originals; their `message_original` is empty. A table of its own: no column is added to one that may be large.
  original_blob: (table) => {
    idColumn(table, 'message_id').notNullable().primary()
    hashColumn(table, 'address').notNullable()
    table.index(['address'], 'original_address')
  },
  message_file: (table) => {
    idColumn(table, 'file_id').notNullable()
    idColumn(table, 'message_id').notNullable()
    table.primary(['file_id', 'message_id'])
  },
}

/** Files that messages refer to, and originals that lie in the blob store. */
export const files: Migration = {
  name: '0008-files',
  tables: Object.keys(fileTables),
  up: async (knex, engine) => {
    for (const [name, shape] of Object.entries(fileTables)) await createTable({ knex, engine }, name, shape)
  },
}
