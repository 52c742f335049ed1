import type { Knex } from 'knex'
import type { Engine } from '../database.ts'
import type { Migration, Tables } from './migration.ts'
import { evidenceTables } from './0001-evidence-tables.ts'
import { messageTables } from './0001-message-tables.ts'
import { registryTables } from './0001-registry-tables.ts'

const tables: Tables = { ...registryTables, ...messageTables, ...evidenceTables }

/** Names of all tables of this migration. */
export const tableNames: readonly string[] = Object.keys(tables)

/**
 * Codes and references compare byte by byte: MySQL's other collations equate what differs; SQLite does so by itself.
 * The table gets its name last: knex adds indexes one by one, and a table that lacks some must not pass for a whole one.
 */
async function createTable(knex: Knex, engine: Engine, name: string): Promise<void> {
  const draft = `new_${name}`
  await knex.schema.dropTableIfExists(draft)
  await knex.schema.createTable(draft, (table) => {
    if (engine === 'mysql') {
      table.charset('utf8mb4')
      table.collate('utf8mb4_bin')
    }
    tables[name]?.(table)
  })
  await knex.schema.renameTable(draft, name)
}

export const base: Migration = {
  name: '0001-base',
  up: async (knex, engine) => {
    for (const name of tableNames) {
      if (!(await knex.schema.hasTable(name))) await createTable(knex, engine, name)
    }
  },
}
