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
  readonly delivery_id: Uint8Array
}

/** One series for all: a system may pull for several bodies. */
const deliverySeries = 'delivery'

async function numbersOf(trx: Knex, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await readParts(ids.map(toBytes), (part) =>
    trx<NumberedRow>('delivery_number').whereIn('delivery_id', part).select(),
  )
  return new Map(rows.map(({ number, delivery_id: id }) => [toUuid(id), number]))
}

async function numberAll(trx: Knex, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const numbers = await numbersOf(trx, ids)
  const fresh = [...new Set(ids)].filter((id) => !numbers.has(id))
  if (fresh.length === 0) return numbers
  const first = (await draw(trx, deliverySeries, fresh.length)) - fresh.length + 1
  const rows = fresh.map((id, at) => ({ number: first + at, delivery_id: toBytes(id) }))
  await insertRows(trx, 'delivery_number', rows)
  fresh.forEach((id, at) => numbers.set(id, first + at))
  return numbers
}

const isPassing = (error: unknown): boolean => isContention(error) || isDuplicate(error)

/** Of two that begin one series at once the second meets the first one's row, and draws again. */
export const createNumbers = ({ knex }: Database): NumberStore => ({
  nextNumber: (series) => retryTransaction(knex, (trx) => draw(trx, series), isPassing),
  numberDeliveries: (ids) => retryTransaction(knex, (trx) => numberAll(trx, ids), isPassing),
  async findNumbered(number) {
    const row = await knex<NumberedRow>('delivery_number').where({ number }).first()
    return row === undefined ? null : toUuid(row.delivery_id)
  },
})
