import type { Knex } from 'knex'
import type { Migration } from './index.ts'
import { evidenceTables } from './0001-evidence-tables.ts'
import { messageTables } from './0001-message-tables.ts'
import { registryTables } from './0001-registry-tables.ts'

export type Tables = Readonly<Record<string, (table: Knex.CreateTableBuilder) => void>>

const tables: Tables = { ...registryTables, ...messageTables, ...evidenceTables }

/** Codes and references compare byte by byte: other collations equate what differs. */
async function createTable(
  knex: Knex,
  name: string,
  shape: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  if (await knex.schema.hasTable(name)) return
  await knex.schema.createTable(name, (table) => {
    table.charset('utf8mb4')
    table.collate('utf8mb4_bin')
    shape(table)
  })
}

export const base: Migration = {
  name: '0001-base',
  up: async (knex) => {
    for (const [name, shape] of Object.entries(tables)) await createTable(knex, name, shape)
  },
}
