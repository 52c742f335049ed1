import type { Knex } from 'knex'
import { msColumn, textColumn } from './columns.ts'
import type { Migration } from './migration.ts'

/** Why a body is paused or drained, how fast it is delivered to, when it last took something. */
const columns: Readonly<Record<string, (table: Knex.CreateTableBuilder, name: string) => unknown>> = {
  paused_at: msColumn,
  pause_reason: textColumn,
  draining_at: msColumn,
  drain_reason: textColumn,
  pace: textColumn,
  paid_until: (table, name) => msColumn(table, name).notNullable().defaultTo(0),
  shut_until: (table, name) => msColumn(table, name).notNullable().defaultTo(0),
  success_at: msColumn,
  failure_at: msColumn,
  failure_code: textColumn,
}

export const traffic: Migration = {
  name: '0007-traffic',
  tables: [],
  up: async (knex) => {
    for (const [name, add] of Object.entries(columns)) {
      if (await knex.schema.hasColumn('agency_state', name)) continue
      await knex.schema.alterTable('agency_state', (table) => {
        add(table, name)
      })
    }
  },
}
