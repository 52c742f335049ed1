import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import createKnex from 'knex'
import type { Connection } from 'mysql2'
import type { Database } from './database.ts'
import { MysqlClient, statementMs } from './mysql-client.ts'
import { SqliteClient } from './sqlite-client.ts'

/** READ COMMITTED against gap locks; strict mode because a value that is cut silently is a lost value. */
const sessionSql = {
  isolation: 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  variables: `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',
    SESSION innodb_lock_wait_timeout = 10`,
} as const

const acquireTimeoutMs = 10_000
const poolSize = 10

const ignore = (): void => undefined
/** Knex writes to the console what it also throws. */
const silent = { warn: ignore, error: ignore, deprecate: ignore, debug: ignore }

/** The error text of a failed query goes to the log: it must not hold the values. */
const common = { compileSqlOnError: false, acquireConnectionTimeout: acquireTimeoutMs, log: silent } as const

function openSqlite(filename: string): Database {
  mkdirSync(dirname(filename), { recursive: true })
  const knex = createKnex({
    ...common,
    client: SqliteClient,
    connection: { filename },
    useNullAsDefault: true,
  })
  return { engine: 'sqlite', knex }
}

type Done = (error: Error | null, connection: Connection) => void

/** Prepares each connection of the pool before its first use. */
function prepareSession(connection: Connection, done: Done): void {
  connection.query(sessionSql.isolation, (error) => {
    if (error === null) connection.query(sessionSql.variables, (second) => done(second, connection))
    else done(error, connection)
  })
}

function openMysql(url: URL, waitMs: number): Database {
  const connection = {
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    charset: 'utf8mb4',
    connectTimeout: acquireTimeoutMs,
  }
  const pool = { min: 0, max: poolSize, afterCreate: prepareSession }
  const config = { ...common, client: MysqlClient, connection, pool, statementMs: waitMs }
  return { engine: 'mysql', knex: createKnex(config) }
}

/**
 * Opens `sqlite:<path>` or `mysql://user:password@host:port/database`. The first query connects.
 * The caller closes it with `knex.destroy()`. A statement that has no answer within `waitMs` fails (MySQL).
 */
export function openDatabase(url: string, waitMs = statementMs): Database {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length))
  if (/^(mysql|mariadb):/.test(url)) return openMysql(new URL(url), waitMs)
  throw new TypeError('the address of the store starts with sqlite: or mysql:')
}
