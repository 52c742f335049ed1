import type { Knex } from 'knex'
import { insertRows, readParts } from './database.ts'
import type { Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import { toBytes, toUuid } from './ids.ts'
import type { NumberStore } from './ports/numbers.ts'
import { retryTransaction } from './retry-transaction.ts'

interface SeriesRow {
  readonly series: string
  readonly last_number: number
}

/** The last of so many numbers, all of them the caller's. */
async function draw(trx: Knex, series: string, count = 1): Promise<number> {
  const row = await trx<SeriesRow>('number_series').where({ series }).forUpdate().first()
  const next = (row?.last_number ?? 0) + count
  if (row === undefined) await insertRows(trx, 'number_series', [{ series, last_number: next }])
  else await trx<SeriesRow>('number_series').where({ series }).update({ last_number: next })
  return next
}

interface NumberedRow {
  readonly number: number
  readonly id: Uint8Array
}

/** What is known by number: its table, and the column of its id there. */
const numbered = {
  delivery: { table: 'delivery_number', column: 'delivery_id' },
  message: { table: 'message_number', column: 'message_id' },
} as const

type Numbered = (typeof numbered)[keyof typeof numbered]

/** One series for all: a system may pull for several bodies, and knows what it sent by number too. */
const series = 'delivery'

async function numbersOf(
  trx: Knex,
  { table, column }: Numbered,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const rows = await readParts(ids.map(toBytes), (part) =>
    trx(table).whereIn(column, part).select<NumberedRow[]>('number', { id: column }),
  )
  return new Map(rows.map(({ number, id }) => [toUuid(id), number]))
}

async function numberAll(
  trx: Knex,
  kind: Numbered,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const numbers = await numbersOf(trx, kind, ids)
  const fresh = [...new Set(ids)].filter((id) => !numbers.has(id))
  if (fresh.length === 0) return numbers
  const first = (await draw(trx, series, fresh.length)) - fresh.length + 1
  const rows = fresh.map((id, at) => ({ number: first + at, [kind.column]: toBytes(id) }))
  await insertRows(trx, kind.table, rows)
  fresh.forEach((id, at) => numbers.set(id, first + at))
  return numbers
}

const isPassing = (error: unknown): boolean => isContention(error) || isDuplicate(error)

/** Of two that begin one series at once the second meets the first one's row, and draws again. */
export const createNumbers = ({ knex }: Database): NumberStore => ({
  nextNumber: (series) => retryTransaction(knex, (trx) => draw(trx, series), isPassing),
  numberDeliveries: (ids) =>
    retryTransaction(knex, (trx) => numberAll(trx, numbered.delivery, ids), isPassing),
  numberMessages: (ids) => retryTransaction(knex, (trx) => numberAll(trx, numbered.message, ids), isPassing),
  async findNumbered(number) {
    const { table, column } = numbered.delivery
    const row = await knex(table).where({ number }).first<NumberedRow | undefined>({ id: column })
    return row === undefined ? null : toUuid(row.id)
  },
})
