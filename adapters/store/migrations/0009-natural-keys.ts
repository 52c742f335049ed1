import { hashColumn, idColumn, msColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

/** What was accepted last under each natural key, for partners whose messages have no reference of their own. */
export const naturalKeys: Migration = {
  name: '0009-natural-keys',
  tables: ['natural_key'],
  up: (knex, engine) =>
    createTable({ knex, engine }, 'natural_key', (table) => {
      hashColumn(table, 'natural_key').notNullable().primary()
      hashColumn(table, 'content_hash').notNullable()
      idColumn(table, 'message_id').notNullable()
      idColumn(table, 'receipt_id').notNullable()
      msColumn(table, 'at').notNullable()
    }),
}
