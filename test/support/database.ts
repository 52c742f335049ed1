import { createSecretKey, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connectStore } from '../../adapters/store/connect.ts'
import type { Database, Engine } from '../../adapters/store/database.ts'
import { tableNames } from '../../adapters/store/migrations/index.ts'
import { openDatabase } from '../../adapters/store/open-database.ts'
import type { Store } from '../../adapters/store/store.ts'
import type { Payload } from '../../schemas/message.ts'
import type { MasterKeys } from '../../signing/at-rest.ts'
import { hold } from './leaks.ts'
import { withTempDir } from './processes.ts'
import { skip } from './skip.ts'

const engines = ['sqlite', 'mysql'] as const satisfies readonly Engine[]

/** A server that may create databases: that of DATABASE_URL, whatever database it names, else the local default. Each test makes its own and drops it. */
const server = serverOf(process.env['DATABASE_URL']) ?? 'mysql://root@127.0.0.1:3306'

function serverOf(address: string | undefined): string | undefined {
  if (address === undefined || !address.startsWith('mysql:')) return undefined
  return address.replace(/^(mysql:\/\/[^/]+).*$/, '$1')
}

export interface LentStore {
  readonly engine: Engine
  readonly store: Store
  /** The same database for bare SQL, beside the store. */
  readonly database: Database
  readonly url: string
  /** One more store on the same database, as another process would have; closed with the rest. */
  connect(writer: string): Promise<Store>
}

/** Tests keep the payload itself as the original. */
export const readPayload = (original: Uint8Array): Payload =>
  JSON.parse(Buffer.from(original).toString()) as Payload

export const masterKeys: MasterKeys = {
  current: 'k1',
  keys: new Map([['k1', createSecretKey(Buffer.alloc(32, 7))]]),
}

/** Migrated databases of MySQL that no test uses just now: to make one takes a second. */
const spare: SpareDatabase[] = []

interface SpareDatabase {
  readonly url: string
  readonly drop: () => Promise<void>
}

/** Defines the same tests for both engines; those of MySQL are skipped, and counted, where no server answers. */
export function forEachEngine(title: string, define: (engine: Engine) => void): void {
  for (const engine of engines) {
    describe(`${title} (${engine})`, function () {
      before(async function () {
        if (engine === 'mysql' && !(await serverAnswers()))
          skip(this, `no MySQL or MariaDB at ${withoutPassword(server)}`)
      })
      after(async () => {
        for (const { drop } of spare.splice(0)) await drop()
      })
      define(engine)
    })
  }
}

/** Makes an empty database, lends its address, drops it. */
export async function withDatabaseUrl<T>(engine: Engine, use: (url: string) => Promise<T>): Promise<T> {
  if (engine === 'sqlite') return withTempDir((dir) => use(`sqlite:${join(dir, 'store.db')}`))
  const { url, drop } = await createMysqlDatabase()
  try {
    return await use(url)
  } finally {
    await drop()
  }
}

/** Makes a database, migrates it, lends a store on it, closes and drops everything. */
export async function withStore<T>(engine: Engine, use: (lent: LentStore) => Promise<T>): Promise<T> {
  const lend =
    engine === 'sqlite'
      ? (act: (url: string) => Promise<T>) => withDatabaseUrl(engine, act)
      : withSpareDatabase
  return lend(async (url) => {
    const stores: Store[] = []
    const connect = async (writer: string): Promise<Store> => {
      const store = await connectTestStore(url, writer)
      stores.push(store)
      return store
    }
    const database = openDatabase(url)
    try {
      const store = await connect('w1')
      await store.migrate()
      await empty(database)
      return await use({ engine, store, database, url, connect })
    } finally {
      await Promise.all(stores.map((store) => store.close()))
      await database.knex.destroy()
    }
  })
}

/** A store as the tests use it; the caller closes it. */
export const connectTestStore = (url: string, writer: string): Promise<Store> =>
  connectStore({ url, masterKeys, writer, readOriginal: readPayload })

async function createMysqlDatabase(): Promise<SpareDatabase> {
  const name = `lt_test_${randomBytes(6).toString('hex')}`
  await onServer((knex) => knex.raw(`CREATE DATABASE ${name}`))
  const release = hold(`database ${name}`, () => undefined)
  const drop = async (): Promise<void> => {
    await onServer((knex) => knex.raw(`DROP DATABASE ${name}`))
    release()
  }
  return { url: `${server}/${name}`, drop }
}

async function onServer(act: (knex: Database['knex']) => Promise<unknown>): Promise<void> {
  const { knex } = openDatabase(`${server}/`)
  try {
    await act(knex)
  } finally {
    await knex.destroy()
  }
}

/** Lends a migrated MySQL database without rows, and keeps it for the next test of the suite. */
async function withSpareDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const database = spare.pop() ?? (await createMysqlDatabase())
  try {
    return await use(database.url)
  } finally {
    spare.push(database)
  }
}

/** Takes the rows of an earlier test away. */
async function empty({ engine, knex }: Database): Promise<void> {
  if (engine === 'sqlite') return
  for (const table of tableNames) await knex(table).delete()
}

const unreachable = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ETIMEDOUT'])

async function serverAnswers(): Promise<boolean> {
  try {
    await onServer((knex) => knex.raw('SELECT 1'))
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && unreachable.has(String(error.code))) return false
    throw error
  }
}

const withoutPassword = (url: string): string => new URL(url).host
