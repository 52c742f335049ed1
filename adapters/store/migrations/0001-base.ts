import { createTable } from './create-table.ts'
import type { Migration, Tables } from './migration.ts'
import { evidenceTables } from './0001-evidence-tables.ts'
import { messageTables } from './0001-message-tables.ts'
import { registryTables } from './0001-registry-tables.ts'

const tables: Tables = { ...registryTables, ...messageTables, ...evidenceTables }

export const base: Migration = {
  name: '0001-base',
  tables: Object.keys(tables),
  up: async (knex, engine) => {
    for (const [name, shape] of Object.entries(tables)) await createTable({ knex, engine }, name, shape)
  },
}
