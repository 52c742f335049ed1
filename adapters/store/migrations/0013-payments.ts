import type { Knex } from 'knex'
import { codeColumn, idColumn, msColumn } from './columns.ts'
import { createTable } from './create-table.ts'
import type { Migration, Tables } from './migration.ts'

/** A code of a partner: longer than one of ours. */
const partnerCode = (table: Knex.CreateTableBuilder, name: string) => table.string(name, 200).notNullable()
const dong = (table: Knex.CreateTableBuilder, name: string) => table.bigInteger(name)

const tables: Tables = {
  // What follows from the facts of a payment is kept beside them, for lists and rules.
  payment: (table) => {
    idColumn(table, 'id').notNullable().primary()
    table.string('reference', 255).notNullable()
    partnerCode(table, 'partner')
    partnerCode(table, 'dossier')
    codeColumn(table, 'sender').notNullable()
    codeColumn(table, 'state').notNullable()
    table.integer('matched').notNullable()
    dong(table, 'asked')
    dong(table, 'paid').notNullable()
    dong(table, 'refunded').notNullable()
    msColumn(table, 'updated_at').notNullable()
    table.unique(['reference', 'partner'], { indexName: 'payment_reference' })
    table.index(['dossier'], 'payment_dossier')
  },
  // Appended, never changed but for the message that came to carry it. `sealed`: the request, where no message does.
  payment_fact: (table) => {
    idColumn(table, 'payment_id').notNullable()
    table.integer('seq').notNullable()
    codeColumn(table, 'kind').notNullable()
    codeColumn(table, 'sender').notNullable()
    partnerCode(table, 'partner')
    partnerCode(table, 'dossier')
    partnerCode(table, 'code')
    partnerCode(table, 'transaction_code')
    dong(table, 'amount')
    partnerCode(table, 'bank')
    msColumn(table, 'said_at')
    msColumn(table, 'received_at').notNullable()
    idColumn(table, 'message_id')
    table.specificType('sealed', 'longblob')
    table.primary(['payment_id', 'seq'])
  },
  payment_case: (table) => {
    idColumn(table, 'id').notNullable().primary()
    idColumn(table, 'payment_id').notNullable()
    table.integer('seq').notNullable()
    codeColumn(table, 'reason').notNullable()
    msColumn(table, 'opened_at').notNullable()
    msColumn(table, 'closed_at')
    codeColumn(table, 'closed_by')
    table.string('closed_reason', 500)
    table.unique(['payment_id', 'seq', 'reason'], { indexName: 'payment_case_cause' })
    table.index(['closed_at', 'id'], 'payment_case_open')
  },
}

/** What was said of money, payment by payment, and what a person should look at. */
export const payments: Migration = {
  name: '0013-payments',
  tables: Object.keys(tables),
  up: async (knex, engine) => {
    for (const [name, shape] of Object.entries(tables)) await createTable({ knex, engine }, name, shape)
  },
}
