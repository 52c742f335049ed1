import type { Knex } from 'knex'
import type { Database, Engine } from './database.ts'
import { retryTransaction } from './retry-transaction.ts'
import { migrations } from './migrations/index.ts'

/** Seconds that a process waits for another one's migration. */
const lockSeconds = 120

async function applyMissing(knex: Knex, engine: Engine): Promise<void> {
  if (!(await knex.schema.hasTable('migration'))) {
    await knex.schema.createTable('migration', (table) => {
      table.string('name', 100).notNullable().primary()
      table.bigInteger('at').notNullable()
    })
  }
  const applied = new Set(await knex<{ name: string }>('migration').pluck('name'))
  for (const { name, up } of migrations.filter((one) => !applied.has(one.name))) {
    await up(knex, engine)
    await knex('migration').insert({ name, at: Date.now() })
  }
}

const lockResult = (result: unknown): unknown => {
  const [[row]] = result as [[{ taken: unknown }?]]
  return row?.taken
}

/** The lock belongs to the connection, so a process that dies frees it; the transaction only pins the connection, DDL commits by itself. */
async function applyUnderLock(knex: Knex): Promise<void> {
  await knex.transaction(async (trx) => {
    const name = `left(concat('migrate:', database()), 64)`
    await trx.raw('SELECT 1').options({ hurry: false }) // another's migration is waited for, and a large table takes its time
    const taken = lockResult(await trx.raw(`SELECT get_lock(${name}, ${lockSeconds}) AS taken`))
    if (taken !== 1) throw new Error('another process holds the migration lock')
    try {
      await applyMissing(trx, 'mysql')
    } finally {
      await trx.raw(`SELECT release_lock(${name})`).options({ hurry: true })
    }
  })
}

/** Brings the schema up to date; safe when several processes start at once. On SQLite it is one transaction. */
export const migrate = ({ engine, knex }: Database): Promise<void> =>
  engine === 'sqlite' ? retryTransaction(knex, (trx) => applyMissing(trx, engine)) : applyUnderLock(knex)
