import type { Knex } from 'knex'
import { insertRows } from './database.ts'
import type { Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import type { NumberStore } from './ports/numbers.ts'
import { retryTransaction } from './retry-transaction.ts'

interface SeriesRow {
  readonly series: string
  readonly last_number: number
}

async function draw(trx: Knex, series: string): Promise<number> {
  const row = await trx<SeriesRow>('number_series').where({ series }).forUpdate().first()
  const next = (row?.last_number ?? 0) + 1
  if (row === undefined) await insertRows(trx, 'number_series', [{ series, last_number: next }])
  else await trx<SeriesRow>('number_series').where({ series }).update({ last_number: next })
  return next
}

/** Of two that begin one series at once the second meets the first one's row, and draws again. */
export const createNumbers = ({ knex }: Database): NumberStore => ({
  nextNumber: (series) =>
    retryTransaction(
      knex,
      (trx) => draw(trx, series),
      (error) => isContention(error) || isDuplicate(error),
    ),
})
