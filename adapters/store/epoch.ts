import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import { insertRows } from './database.ts'
import type { Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import { retryTransaction } from './retry-transaction.ts'

/**
 * What is listed by cursor is stamped with the epoch that was open when its transaction wrote it. Writers hold the epoch's row by a
 * shared lock, which they do not wait for among themselves; who opens the next epoch takes the row alone, and so waits for
 * those that are still under way. From then on nothing more of the epoch before can come: only such closed epochs are listed.
 */
interface HeadRow {
  readonly id: number
  readonly epoch: number
}

const headId = 1
const firstEpoch = 1
/** Pause between two openings: they hold writers up for as long as the longest of those under way takes. */
const betweenMs = 100
/** How long an opening may wait for writers, and so keep others waiting, in seconds. */
const lockSeconds = 2

/** Holds the open epoch until the transaction ends. Take it after lanes, and after nothing that others wait for under it. */
export async function holdEpoch(trx: Knex): Promise<number> {
  const head = await trx<HeadRow>('listing_head').where({ id: headId }).forShare().first('epoch')
  if (head !== undefined) return head.epoch
  await insertRows(trx, 'listing_head', [{ id: headId, epoch: firstEpoch }])
  return firstEpoch
}

async function openEpoch(knex: Knex): Promise<number> {
  const head = await knex<HeadRow>('listing_head').where({ id: headId }).first('epoch')
  return head?.epoch ?? firstEpoch
}

async function isEmpty(knex: Knex, epoch: number): Promise<boolean> {
  const rows = await Promise.all(
    ['message', 'refusal'].map((table) => knex(table).where({ epoch }).first(knex.raw('1 AS one'))),
  )
  return rows.every((row) => row === undefined)
}

async function openNext({ knex, engine }: Database, epoch: number): Promise<number> {
  await retryTransaction(
    knex,
    async (trx) => {
      if (engine === 'mysql') await trx.raw(`SET SESSION innodb_lock_wait_timeout = ${lockSeconds}`)
      try {
        const head = await trx<HeadRow>('listing_head').where({ id: headId }).forUpdate().first('epoch')
        if (head === undefined) await insertRows(trx, 'listing_head', [{ id: headId, epoch: epoch + 1 }])
        else if (head.epoch === epoch)
          await trx<HeadRow>('listing_head')
            .where({ id: headId })
            .update({ epoch: epoch + 1 })
      } finally {
        if (engine === 'mysql') await trx.raw('SET SESSION innodb_lock_wait_timeout = DEFAULT')
      }
    },
    isDuplicate,
  )
  return epoch + 1
}

/** Closes the open epoch where it holds anything committed. A writer that does not end lets lists lag, and never skip. */
async function closeEpoch(database: Database): Promise<number> {
  const epoch = await openEpoch(database.knex)
  if (await isEmpty(database.knex, epoch)) return epoch
  try {
    return await openNext(database, epoch)
  } catch (error) {
    if (isContention(error)) return epoch
    throw error
  }
}

/**
 * Answers the epoch below which all is committed and nothing can come any more; what was committed before the call is below it.
 * Calls of one process share an opening, at most ten in a second.
 */
export function createEpochs(database: Database): () => Promise<number> {
  let next: Promise<number> | null = null
  let startedAt = -betweenMs
  return () => {
    next ??= sleep(Math.max(0, startedAt + betweenMs - performance.now())).then(() => {
      next = null // who asks from here on may know of newer messages
      startedAt = performance.now()
      return closeEpoch(database)
    })
    return next
  }
}
