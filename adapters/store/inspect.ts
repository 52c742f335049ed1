import type { Knex } from 'knex'
import { migrations } from './migrations/index.ts'
import { openDatabase } from './open-database.ts'

/** What a look at the database finds. Times in ms. */
export interface DatabaseReport {
  readonly engine: 'sqlite' | 'mysql'
  readonly version: string
  /** Of a new connection, in lower case; `serializable` on SQLite. */
  readonly isolation: string
  /** Migrations that have not been made, in order. */
  readonly missing: readonly string[]
  /** The database's clock less ours; half the round trip is taken off. */
  readonly skewMs: number
  /** Why a row cannot be written; null where it can. */
  readonly unwritable: string | null
}

/** Looks at a database and leaves it as it was: what is written is rolled back. Rejects where it cannot be reached. */
export async function inspectDatabase(url: string): Promise<DatabaseReport> {
  const { engine, knex } = openDatabase(url)
  try {
    await knex.raw('SELECT 1') // the first query connects, which the clock must not count
    const asked = Date.now()
    const { version, isolation, at } = await (engine === 'sqlite' ? lookSqlite(knex) : lookMysql(knex))
    const skewMs = Math.round(at - (asked + Date.now()) / 2)
    const missing = await missingIn(knex)
    const unwritable = missing.length === migrations.length ? null : await tryToWrite(knex)
    return { engine, version, isolation, missing, skewMs, unwritable }
  } finally {
    await knex.destroy()
  }
}

interface Looked {
  readonly version: string
  readonly isolation: string
  readonly at: number
}

async function lookSqlite(knex: Knex): Promise<Looked> {
  const [row] = (await knex.raw('SELECT sqlite_version() AS version')) as [{ version: string }]
  return { version: row.version, isolation: 'serializable', at: Date.now() }
}

async function lookMysql(knex: Knex): Promise<Looked> {
  const [[row]] = (await knex.raw('SELECT version() AS version, unix_timestamp(now(3)) * 1000 AS at')) as [
    [{ version: string; at: string }],
  ]
  const [[variable]] = (await knex.raw(
    `SHOW VARIABLES WHERE Variable_name IN ('tx_isolation', 'transaction_isolation')`,
  )) as [
    [{ Value: string }], // the name differs between MariaDB and MySQL
  ]
  const isolation = variable.Value.toLowerCase().replace('-', ' ')
  return { version: row.version, isolation, at: Number(row.at) }
}

async function missingIn(knex: Knex): Promise<readonly string[]> {
  const names = migrations.map(({ name }) => name)
  if (!(await knex.schema.hasTable('migration'))) return names
  const made = new Set(await knex<{ name: string }>('migration').pluck('name'))
  return names.filter((name) => !made.has(name))
}

const probe = 'doctor'
const rolledBack = new Error('rolled back')

async function tryToWrite(knex: Knex): Promise<string | null> {
  try {
    await knex.transaction(async (trx) => {
      await trx('migration').insert({ name: probe, at: Date.now() })
      throw rolledBack
    })
    return null
  } catch (error) {
    if (error === rolledBack) return null
    return error instanceof Error && 'code' in error ? String(error.code) : 'not writable'
  }
}
