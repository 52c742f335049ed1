import type { Tables } from './migration.ts'
import { codeColumn, hashColumn, idColumn, msColumn, textColumn } from './columns.ts'

/** Parties, what they may do, and their shared state. */
export const registryTables: Tables = {
  registry_head: (table) => {
    table.integer('id').notNullable().primary()
    table.bigInteger('version').notNullable()
  },
  agency: (table) => {
    codeColumn(table, 'code').notNullable().primary()
    textColumn(table, 'name').notNullable()
    codeColumn(table, 'party_class').notNullable()
    codeColumn(table, 'status').notNullable()
    codeColumn(table, 'parent')
    codeColumn(table, 'successor')
    msColumn(table, 'retired_at')
    codeColumn(table, 'dialect').notNullable()
    textColumn(table, 'options').notNullable()
  },
  agency_alias: (table) => {
    codeColumn(table, 'alias').notNullable()
    table.integer('position').notNullable()
    codeColumn(table, 'agency')
    table.primary(['alias', 'position'])
  },
  agency_certificate: (table) => {
    codeColumn(table, 'agency').notNullable()
    hashColumn(table, 'fingerprint').notNullable()
    codeColumn(table, 'purpose').notNullable()
    textColumn(table, 'pem').notNullable()
    table.primary(['agency', 'purpose', 'fingerprint'])
  },
  trust_root: (table) => {
    table.integer('position').notNullable().primary()
    codeColumn(table, 'party_class').notNullable()
    textColumn(table, 'pem').notNullable()
  },
  grant_action: (table) => {
    codeColumn(table, 'agency').notNullable()
    table.integer('position').notNullable()
    codeColumn(table, 'action')
    table.primary(['agency', 'position'])
  },
  subscription: (table) => {
    codeColumn(table, 'topic').notNullable()
    table.integer('position').notNullable()
    codeColumn(table, 'agency')
    table.primary(['topic', 'position'])
  },
  credential: (table) => {
    codeColumn(table, 'id').notNullable().primary()
    hashColumn(table, 'secret_hash').notNullable().unique({ indexName: 'credential_secret' })
    codeColumn(table, 'agency')
    textColumn(table, 'roles').notNullable()
    msColumn(table, 'valid_from').notNullable()
    msColumn(table, 'valid_to').notNullable()
    msColumn(table, 'last_used_at')
  },
  agency_state: (table) => {
    codeColumn(table, 'agency').notNullable().primary()
    table.integer('paused').notNullable()
    msColumn(table, 'held_ms').notNullable()
    msColumn(table, 'held_since')
    table.integer('failures').notNullable()
    msColumn(table, 'open_until').notNullable()
    table.integer('openings').notNullable()
    msColumn(table, 'closed_at').notNullable()
    msColumn(table, 'probe_until').notNullable()
  },
  heartbeat: (table) => {
    codeColumn(table, 'writer').notNullable().primary()
    idColumn(table, 'mark').notNullable()
    msColumn(table, 'at').notNullable()
  },
}
