import { setImmediate as nextTurn } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite'
import BetterSqliteClient from 'knex/lib/dialects/better-sqlite3/index.js'
import { placeholders } from './statement.ts'
import type { Many, Statement } from './statement.ts'

interface Prepared {
  readonly statement: StatementSyncInstance
  readonly reads: boolean
}

interface Connection {
  readonly database: DatabaseSyncInstance
  readonly prepared: Map<string, Prepared>
}

/** Waits this long inside SQLite, which blocks the event loop; longer waits are retries outside. */
const busyTimeoutMs = 100
/** Statements of a changing length (`IN (…)`) must not fill the memory. */
const maxPrepared = 500

const pragmas = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF'

function prepare({ database, prepared }: Connection, sql: string): Prepared {
  const known = prepared.get(sql)
  if (known !== undefined) {
    prepared.delete(sql)
    prepared.set(sql, known)
    return known
  }
  const statement = database.prepare(sql)
  const fresh = { statement, reads: statement.columns().length > 0 }
  prepared.set(sql, fresh)
  const [oldest] = prepared.keys()
  if (prepared.size > maxPrepared && oldest !== undefined) prepared.delete(oldest)
  return fresh
}

/** In process, one prepared statement run for each row is faster than the parsing of a long one. */
function runMany(connection: Connection, sql: string, { rows, suffix }: Many): void {
  const width = rows[0]?.length ?? 0
  const { statement } = prepare(connection, `${sql} ${placeholders(width, 1)} ${suffix}`)
  for (const row of rows) statement.run(...row)
}

function runOne(connection: Connection, query: Statement): void {
  const { statement, reads } = prepare(connection, query.sql)
  const bindings = query.bindings ?? []
  if (reads) {
    query.response = statement.all(...bindings)
    return
  }
  const { changes, lastInsertRowid } = statement.run(...bindings)
  query.response = { changes }
  query.context = { changes, lastID: lastInsertRowid }
}

/** Takes the write lock at once: a read lock that is upgraded later fails without waiting. */
const beginImmediate = (sql: string): string => (sql === 'BEGIN;' ? 'BEGIN IMMEDIATE;' : sql)

/** Knex over the `node:sqlite` API. A class because knex builds its clients from classes. */
export class SqliteClient extends BetterSqliteClient {
  override _driver(): unknown {
    return DatabaseSync
  }

  override acquireRawConnection(): Promise<Connection> {
    const database = new DatabaseSync(this.connectionSettings.filename, { timeout: busyTimeoutMs })
    database.exec(pragmas)
    return Promise.resolve({ database, prepared: new Map() })
  }

  /** SQLite answers without leaving the event loop: without this turn a busy caller would starve timers and sockets. */
  override async acquireConnection(): Promise<unknown> {
    await nextTurn()
    return super.acquireConnection()
  }

  override destroyRawConnection({ database, prepared }: Connection): Promise<void> {
    prepared.clear()
    database.close()
    return Promise.resolve()
  }

  override async _query(connection: Connection, query: Statement): Promise<Statement> {
    query.sql = beginImmediate(query.sql)
    const many = query.options?.many
    if (many === undefined) runOne(connection, query)
    else runMany(connection, query.sql, many)
    return Promise.resolve(query)
  }
}
