import type { Tables } from './migration.ts'
import { codeColumn, hashColumn, idColumn, msColumn, textColumn } from './columns.ts'

/** Receipts, their chains, and the public catalogues. */
export const evidenceTables: Tables = {
  receipt: (table) => {
    idColumn(table, 'id').notNullable().primary()
    idColumn(table, 'message_id')
    idColumn(table, 'delivery_id')
    codeColumn(table, 'kind').notNullable()
    msColumn(table, 'at').notNullable()
    textColumn(table, 'jws').notNullable()
    table.index(['message_id'], 'receipt_message')
  },
  evidence: (table) => {
    codeColumn(table, 'writer').notNullable()
    table.bigInteger('seq').notNullable()
    codeColumn(table, 'kind').notNullable()
    idColumn(table, 'receipt_id').notNullable()
    hashColumn(table, 'digest').notNullable()
    hashColumn(table, 'chain').notNullable()
    msColumn(table, 'at').notNullable()
    // For the stamp over all chains, which comes later.
    hashColumn(table, 'merkle_root')
    msColumn(table, 'stamped_at')
    table.primary(['writer', 'seq'])
  },
  catalog_head: (table) => {
    codeColumn(table, 'catalog').notNullable().primary()
    table.bigInteger('last_cursor').notNullable()
  },
  catalog_change: (table) => {
    codeColumn(table, 'catalog').notNullable()
    table.bigInteger('cursor').notNullable()
    codeColumn(table, 'code').notNullable()
    table.string('op', 16).notNullable()
    textColumn(table, 'body').notNullable()
    msColumn(table, 'at').notNullable()
    table.primary(['catalog', 'cursor'])
  },
}
