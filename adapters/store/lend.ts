import type { Knex } from 'knex'
import { affordable, bulkPriority, isMetered, paidAfter } from '../../schemas/pace.ts'
import { changeState, readStates } from './agency-state.ts'
import type { DeliveryRow, Lease } from './delivery-row.ts'
import { isBlocked, paceOf } from './hold.ts'
import type { StateRow } from './hold.ts'
import { isContention, isDuplicate } from './failures.ts'
import { retryTransaction } from './retry-transaction.ts'
import { takeRows, type Narrow, type Take } from './take-rows.ts'

/** The next deliveries of a recipient are asked for. */
export interface Ask {
  readonly recipient: string
  readonly max: number
  /** Bulk in flight at most, this ask included. */
  readonly bulkMost: number
  readonly lease: Lease
  /** Which rows may be taken. */
  readonly only: (knex: Knex, now: number) => Narrow
  readonly as: Take['as']
}

interface Candidate {
  readonly id: Uint8Array
  readonly priority: number
}

const candidates = (knex: Knex, { recipient, only, lease }: Ask, max: number): Promise<Candidate[]> =>
  only(
    knex,
    lease.now,
  )(knex('delivery').where({ recipient }))
    .orderBy(['priority', 'due_at', 'id'])
    .limit(max)
    .select<Candidate[]>('id', 'priority')

const isBulk = ({ priority }: Candidate): boolean => priority >= bulkPriority

/** Rows of a recipient that are published or being sent. */
export async function countInFlight(knex: Knex, recipient: string, now: number, least = 0): Promise<number> {
  const rows = await knex('delivery')
    .where({ recipient })
    .andWhere('lease_until', '>', now)
    .andWhere('priority', '>=', least)
    .count<{ n: number | string }[]>({ n: '*' })
  return Number(rows[0]?.n ?? 0)
}

/** How many may start now by the recipient's own pace. Asked under the lock of its row, so that N processes share one pace. */
async function allowance(trx: Knex, row: StateRow, { recipient, max, lease: { now } }: Ask): Promise<number> {
  const { perSecond, concurrency } = paceOf(row)
  if (isBlocked(row, now)) return 0
  const busy = concurrency === null ? 0 : await countInFlight(trx, recipient, now)
  return Math.max(
    0,
    Math.min(max, (concurrency ?? Infinity) - busy, affordable(perSecond, row.paid_until, now)),
  )
}

/** Bulk comes last by its priority; what of it exceeds its share stays. */
async function withoutExcess(
  trx: Knex,
  found: readonly Candidate[],
  ask: Ask,
): Promise<readonly Candidate[]> {
  if (!found.some(isBulk)) return found
  const busy = await countInFlight(trx, ask.recipient, ask.lease.now, bulkPriority)
  const live = found.filter((one) => !isBulk(one))
  return [...live, ...found.filter(isBulk).slice(0, Math.max(0, ask.bulkMost - busy))]
}

const take = (
  knex: Knex,
  found: readonly Candidate[],
  { lease, only, as }: Ask,
  where: Pick<Take, 'within'> = {},
): Promise<DeliveryRow[]> =>
  takeRows(knex, { ids: found.map(({ id }) => id), lease, only: only(knex, lease.now), as, ...where })

async function lendCounted(trx: Knex, ask: Ask): Promise<DeliveryRow[]> {
  const { recipient, lease } = ask
  const row = await changeState(trx, recipient, (found) => found)
  const most = await allowance(trx, row, ask)
  const found = most === 0 ? [] : await candidates(trx, ask, most)
  const rows = await take(trx, await withoutExcess(trx, found, ask), ask, { within: 'transaction' })
  const { perSecond } = paceOf(row)
  if (perSecond !== null && rows.length > 0)
    await trx<StateRow>('agency_state')
      .where({ agency: recipient })
      .update({ paid_until: paidAfter(perSecond, row.paid_until, { now: lease.now, started: rows.length }) })
  return rows
}

/**
 * Takes the next due rows of a recipient by priority, then due time, then id. A recipient with a pace, and bulk, are counted under
 * the lock of the recipient's row; all others need no lock.
 */
export async function lendNext(knex: Knex, ask: Ask): Promise<DeliveryRow[]> {
  const pace = paceOf((await readStates(knex, [ask.recipient])).get(ask.recipient))
  const found = isMetered(pace) ? null : await candidates(knex, ask, ask.max)
  if (found !== null && (ask.bulkMost >= ask.max || !found.some(isBulk))) return take(knex, found, ask)
  return retryTransaction(
    knex,
    (trx) => lendCounted(trx, ask),
    (error) => isContention(error) || isDuplicate(error),
  )
}
