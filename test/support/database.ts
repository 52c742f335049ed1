import { createSecretKey, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { connectStore } from '../../adapters/store/connect.ts'
import type { Database, Engine } from '../../adapters/store/database.ts'
import { openDatabase } from '../../adapters/store/open-database.ts'
import type { Store } from '../../adapters/store/store.ts'
import type { Payload } from '../../schemas/message.ts'
import type { MasterKeys } from '../../signing/at-rest.ts'
import { hold } from './leaks.ts'
import { withTempDir } from './processes.ts'
import { skip } from './skip.ts'

const engines = ['sqlite', 'mysql'] as const satisfies readonly Engine[]

/** A server that may create databases; each test makes its own and drops it. */
const server = process.env['TEST_MYSQL_URL'] ?? 'mysql://root@127.0.0.1:3306'

export interface LentStore {
  readonly engine: Engine
  readonly store: Store
  /** The same database for bare SQL, beside the store. */
  readonly database: Database
  readonly url: string
  /** One more store on the same database, as another process would have; closed with the rest. */
  connect(writer: string): Promise<Store>
}

export interface LentUrl {
  readonly engine: Engine
  readonly url: string
}

/** Tests keep the payload itself as the original. */
export const readPayload = (original: Uint8Array): Payload =>
  JSON.parse(Buffer.from(original).toString()) as Payload

export const masterKeys: MasterKeys = {
  current: 'k1',
  keys: new Map([['k1', createSecretKey(Buffer.alloc(32, 7))]]),
}

/** Defines the same tests for both engines; those of MySQL are skipped, and counted, where no server answers. */
export function forEachEngine(title: string, define: (engine: Engine) => void): void {
  for (const engine of engines) {
    describe(`${title} (${engine})`, function () {
      before(async function () {
        if (engine === 'mysql' && !(await serverAnswers()))
          skip(this, `no MySQL or MariaDB at ${withoutPassword(server)}`)
      })
      define(engine)
    })
  }
}

/** Makes an empty database, lends its address, drops it. */
export function withDatabaseUrl<T>(engine: Engine, use: (lent: LentUrl) => Promise<T>): Promise<T> {
  return engine === 'sqlite'
    ? withTempDir((dir) => use({ engine, url: `sqlite:${join(dir, 'store.db')}` }))
    : withMysqlDatabase((url) => use({ engine, url }))
}

/** Makes a database, migrates it, lends a store on it, closes and drops everything. */
export async function withStore<T>(engine: Engine, use: (lent: LentStore) => Promise<T>): Promise<T> {
  return withDatabaseUrl(engine, async ({ url }) => {
    const stores: Store[] = []
    const connect = async (writer: string): Promise<Store> => {
      const store = await connectTestStore(url, writer)
      stores.push(store)
      return store
    }
    const database = openDatabase(url)
    const release = hold(`stores on ${engine}`, () => undefined)
    try {
      const store = await connect('w1')
      await store.migrate()
      return await use({ engine, store, database, url, connect })
    } finally {
      await Promise.all(stores.map((store) => store.close()))
      await database.knex.destroy()
      release()
    }
  })
}

/** A store as the tests use it; the caller closes it. */
export const connectTestStore = (url: string, writer: string): Promise<Store> =>
  connectStore({ url, masterKeys, writer, readOriginal: readPayload })

async function withMysqlDatabase<T>(use: (url: string) => Promise<T>): Promise<T> {
  const name = `lt_test_${randomBytes(6).toString('hex')}`
  const { knex } = openDatabase(`${server}/`)
  const release = hold(`database ${name}`, () => undefined)
  try {
    await knex.raw(`CREATE DATABASE ${name}`)
    return await use(`${server}/${name}`)
  } finally {
    await knex.raw(`DROP DATABASE IF EXISTS ${name}`)
    await knex.destroy()
    release()
  }
}

async function serverAnswers(): Promise<boolean> {
  const { knex } = openDatabase(`${server}/`)
  try {
    await knex.raw('SELECT 1')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return false
    throw error
  } finally {
    await knex.destroy()
  }
}

const withoutPassword = (url: string): string => new URL(url).host
