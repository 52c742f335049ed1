import { createTable } from './create-table.ts'
import { codeColumn, idColumn, msColumn, textColumn } from './columns.ts'
import type { Migration } from './migration.ts'

/** Secrets that the gateway uses towards a body, sealed; and the networks in which a body may be called. */
export const agencySecrets: Migration = {
  name: '0005-agency-secrets',
  tables: ['agency_secret'],
  up: async (knex, engine) => {
    await createTable({ knex, engine }, 'agency_secret', (table) => {
      idColumn(table, 'id').notNullable().primary()
      codeColumn(table, 'agency').notNullable()
      codeColumn(table, 'name').notNullable()
      table.specificType('value', 'blob').notNullable()
      msColumn(table, 'valid_from').notNullable()
      msColumn(table, 'valid_to')
      table.index(['agency', 'name'], 'agency_secret_name')
    })
    if (!(await knex.schema.hasColumn('agency', 'networks')))
      await knex.schema.alterTable('agency', (table) => {
        textColumn(table, 'networks')
      })
  },
}
