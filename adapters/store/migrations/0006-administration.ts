import type { Knex } from 'knex'
import { codeColumn, msColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration, Tables } from './migration.ts'

const tables: Tables = {
  // Names, addresses and numbers of people: encrypted, opens in its own row only.
  agency_contact: (table) => {
    codeColumn(table, 'agency').notNullable().primary()
    table.specificType('sealed', 'longblob').notNullable()
  },
  // What each version of the registry changed, so that processes load that and no more.
  registry_change: (table) => {
    table.bigInteger('version').notNullable()
    codeColumn(table, 'part').notNullable()
    codeColumn(table, 'name').notNullable()
    table.primary(['version', 'part', 'name'])
  },
}

async function addColumn(
  knex: Knex,
  name: string,
  shape: (table: Knex.CreateTableBuilder) => unknown,
): Promise<void> {
  if (await knex.schema.hasColumn('agency', name)) return
  await knex.schema.alterTable('agency', (table) => void shape(table))
}

/** States of bodies, their contacts, and the log of changes of the registry. */
export const administration: Migration = {
  name: '0006-administration',
  tables: Object.keys(tables),
  up: async (knex, engine) => {
    for (const [name, shape] of Object.entries(tables)) await createTable({ knex, engine }, name, shape)
    await addColumn(knex, 'test_recipient', (table) => table.integer('test_recipient'))
    await addColumn(knex, 'live_since', (table) => msColumn(table, 'live_since'))
  },
}
