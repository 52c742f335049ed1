import type { Knex } from 'knex'
import type { Value } from './statement.ts'

export type Engine = 'sqlite' | 'mysql'

/** An open database. The pool of `sqlite` holds one connection: never query outside the transaction while one is open. */
export interface Database {
  readonly engine: Engine
  readonly knex: Knex
}

export type NewRow = Readonly<Record<string, Value>>

/** Rows and keys of one statement: a longer one is slower to plan than two. */
const maxRows = 200

/** Cuts a list into parts of at most 200. */
export function inParts<T>(values: readonly T[], size = maxRows): readonly (readonly T[])[] {
  const parts: T[][] = []
  for (let start = 0; start < values.length; start += size) parts.push(values.slice(start, start + size))
  return parts
}

/** Inserts rows of one shape. `suffix` follows the values; `big` says that the rows hold large bytes. */
export async function insertRows(
  knex: Knex,
  table: string,
  rows: readonly NewRow[],
  { suffix = '', big = false } = {},
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {})
  const sql = `INSERT INTO \`${table}\` (${columns.map((name) => `\`${name}\``).join(', ')}) VALUES`
  for (const part of inParts(rows)) {
    const values = part.map((row) => columns.map((name) => row[name] ?? null))
    await knex.raw(sql).options({ many: { rows: values, suffix, big } })
  }
}

/** Reads by key in parts of at most 200 keys. */
export async function readParts<K, R>(
  keys: readonly K[],
  read: (part: readonly K[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const rows: R[] = []
  for (const part of inParts(keys)) rows.push(...(await read(part)))
  return rows
}
