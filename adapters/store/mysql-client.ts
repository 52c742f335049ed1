import type { Socket } from 'node:net'
import type { Knex } from 'knex'
import type { Connection, QueryError } from 'mysql2'
import Mysql2Client from 'knex/lib/dialects/mysql2/index.js'
import { placeholders } from './statement.ts'
import type { Many, Statement, Value } from './statement.ts'

/** Powers of two: any number of rows in few statements, and few statements are prepared, since mysql2 and the server keep each of them. */
const preparedSizes = [128, 64, 32, 16, 8, 4, 2, 1] as const

/** The driver puts the text with all values into the error; values must not reach a log. */
function withoutValues(error: QueryError): QueryError {
  Reflect.deleteProperty(error, 'sql')
  return error
}

const run = (
  connection: Connection,
  method: 'query' | 'execute',
  sql: string,
  values: Value[],
): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const done = (error: QueryError | null, result: unknown): void => {
      if (error === null) resolve(result)
      else reject(withoutValues(error))
    }
    if (method === 'execute') connection.execute(sql, values, done)
    else connection.query(sql, values, done)
  })

const sizeFor = (left: number): number => preparedSizes.find((size) => size <= left) ?? 1

/** Large bytes go over the binary protocol: as text they would double as hex literals. */
async function insertBig(connection: Connection, sql: string, { rows, suffix }: Many): Promise<void> {
  for (let start = 0; start < rows.length;) {
    const part = rows.slice(start, start + sizeFor(rows.length - start))
    const text = `${sql} ${placeholders(part[0]?.length ?? 0, part.length)} ${suffix}`
    await run(connection, 'execute', text, part.flat())
    start += part.length
  }
}

async function insertMany(connection: Connection, query: Statement, many: Many): Promise<Statement> {
  if (many.big) await insertBig(connection, query.sql, many)
  else {
    const text = `${query.sql} ${placeholders(many.rows[0]?.length ?? 0, many.rows.length)} ${many.suffix}`
    await run(connection, 'query', text, many.rows.flat())
  }
  query.response = [[], []]
  return query
}

/** Longer than any statement takes, a wait for a lock included (10 s): a server that is frozen, or a line that is dead, says nothing at all. */
export const statementMs = 30_000

/** Connections that may take their time: those of a migration. */
const unhurried = new WeakSet<Connection>()

/** Within the time, or the connection is cut: mysql2 then fails its statement, and knex takes another connection for the next. */
async function inTime<T>(connection: Connection, ms: number, statement: () => Promise<T>): Promise<T> {
  if (unhurried.has(connection)) return statement()
  const { stream } = connection as Connection & { readonly stream: Socket } // mysql2 leaves it out of its types
  const cut = () =>
    stream.destroy(Object.assign(new Error(`no answer within ${ms} ms`), { code: 'ETIMEDOUT' }))
  const timer = setTimeout(cut, ms)
  try {
    return await statement()
  } finally {
    clearTimeout(timer)
  }
}

/** Knex over mysql2. A class because knex builds its clients from classes. */
export class MysqlClient extends Mysql2Client {
  override async _query(connection: Connection, query: Statement | string): Promise<unknown> {
    const { statementMs: ms = statementMs } = this.config as Knex.Config & { readonly statementMs?: number }
    const { many, hurry } = typeof query === 'string' ? {} : (query.options ?? {})
    const answer = await inTime(connection, ms, () =>
      many === undefined || typeof query === 'string'
        ? super._query(connection, query)
        : insertMany(connection, query, many),
    ).catch((error: unknown) => {
      throw error instanceof Error ? withoutValues(error as QueryError) : error
    })
    if (hurry === false) unhurried.add(connection)
    if (hurry === true) unhurried.delete(connection)
    return answer
  }
}
