import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Connection } from 'mysql2'
import createKnex from 'knex'
import type { Database } from './database.ts'
import { MysqlClient } from './mysql-client.ts'
import { SqliteClient } from './sqlite-client.ts'

/** READ COMMITTED against gap locks; strict mode because a value that is cut silently is a lost value. */
const sessionSql = `SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED,
  SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,ERROR_FOR_DIVISION_BY_ZERO',
  SESSION innodb_lock_wait_timeout = 10`

const acquireTimeoutMs = 10_000

/** The error text of a failed query goes to the log: it must not hold the values. */
const common = { compileSqlOnError: false, acquireConnectionTimeout: acquireTimeoutMs } as const

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

function openMysql(url: URL): Database {
  const connection = {
    host: url.hostname,
    port: Number(url.port || 3306),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    charset: 'UTF8MB4_BIN',
    connectTimeout: acquireTimeoutMs,
  }
  const afterCreate = (connection: Connection, done: Done): void => {
    connection.query(sessionSql, (error) => {
      done(error, connection)
    })
  }
  const knex = createKnex({
    ...common,
    client: MysqlClient,
    connection,
    pool: { min: 0, max: 10, afterCreate },
  })
  return { engine: 'mysql', knex }
}

/**
 * Opens `sqlite:<path>` or `mysql://user:password@host:port/database`. The first query connects.
 * The caller closes it with `knex.destroy()`.
 */
export function openDatabase(url: string): Database {
  if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length))
  if (/^(mysql|mariadb):/.test(url)) return openMysql(new URL(url))
  throw new TypeError('the address of the store starts with sqlite: or mysql:')
}
