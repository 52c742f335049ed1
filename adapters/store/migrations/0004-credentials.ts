import type { Knex } from 'knex'
import { codeColumn, hashColumn, msColumn, textColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration } from './migration.ts'

type Shape = (table: Knex.CreateTableBuilder) => void

/** What a credential has got beyond its hash and its roles. Columns are only added: processes of the version before go on reading theirs. */
const added: Readonly<Record<string, Shape>> = {
  kind: (table) => codeColumn(table, 'kind').notNullable().defaultTo('key'),
  label: (table) => textColumn(table, 'label'),
  created_at: (table) => msColumn(table, 'created_at'),
  unlocked_at: (table) => msColumn(table, 'unlocked_at'),
  revoked_at: (table) => msColumn(table, 'revoked_at'),
  tokens_from: (table) => msColumn(table, 'tokens_from').notNullable().defaultTo(0),
}

/** Credentials of three kinds, with a former secret beside the present one while it is changed. */
export const credentials: Migration = {
  name: '0004-credentials',
  tables: ['credential_former'],
  up: async (knex, engine) => {
    for (const [column, shape] of Object.entries(added))
      if (!(await knex.schema.hasColumn('credential', column)))
        await knex.schema.alterTable('credential', shape)
    await knex('credential').whereNull('created_at').update({ created_at: Date.now() })
    await createTable({ knex, engine }, 'credential_former', (table) => {
      codeColumn(table, 'credential_id').notNullable().primary()
      hashColumn(table, 'secret_hash').notNullable().unique({ indexName: 'credential_former_secret' })
      msColumn(table, 'until').notNullable()
    })
  },
}
