import type { Knex } from 'knex'
import { inParts, readParts } from './database.ts'
import type { Lease } from './delivery-row.ts'
import { mayBeBornLeased } from './hold.ts'
import type { StateRow } from './hold.ts'
import { asBuffer, toHex, toUuid } from './ids.ts'

/** A delivery that has become its lane's head, leased for publication. */
export interface Freed {
  readonly id: string
  readonly agency: string
}

interface HeadRow {
  readonly id: Uint8Array
  readonly recipient: string
  readonly lane_id: Uint8Array
  readonly priority: number
  readonly skip_reason: string | null
}

export interface FreeRules {
  readonly lease: Lease
  readonly states: ReadonlyMap<string, StateRow>
  readonly mayLease: (id: string, agency: string) => boolean
}

/** The lanes are locked by this transaction, so their heads stay what they are. */
const readHeads = (trx: Knex, laneIds: readonly Uint8Array[]): Promise<HeadRow[]> =>
  readParts(
    laneIds,
    (part) =>
      trx('delivery')
        .join('lane', 'lane.id', 'delivery.lane_id')
        .whereIn('delivery.lane_id', part.map(asBuffer))
        .andWhere('delivery.seq', trx.raw('lane.done_seq + 1'))
        .andWhere('delivery.state', 'behind')
        .select(
          'delivery.id',
          'delivery.recipient',
          'delivery.lane_id',
          'delivery.priority',
          'delivery.skip_reason',
        ) as Promise<HeadRow[]>,
  )

async function makeDue(
  trx: Knex,
  heads: readonly HeadRow[],
  changes: Record<string, unknown>,
): Promise<void> {
  for (const part of inParts(heads.map(({ id }) => asBuffer(id)))) {
    await trx('delivery').whereIn('id', part).andWhere('state', 'behind').update(changes)
  }
}

function groupByLane(heads: readonly HeadRow[]): ReadonlyMap<string, readonly Freed[]> {
  return new Map(
    heads.map(({ id, recipient, lane_id }) => [toHex(lane_id), [{ id: toUuid(id), agency: recipient }]]),
  )
}

/** Makes the next delivery of each of these lanes due. Returns the leased ones, by the hex id of their lane. */
export async function freeNext(
  trx: Knex,
  laneIds: readonly Uint8Array[],
  { lease, states, mayLease }: FreeRules,
): Promise<ReadonlyMap<string, readonly Freed[]>> {
  const heads = await readHeads(trx, laneIds)
  const leased = heads.filter(
    ({ id, recipient, priority, skip_reason: skipped }) =>
      skipped === null &&
      mayBeBornLeased(states.get(recipient), priority, lease.now) &&
      mayLease(toUuid(id), recipient),
  )
  const due = { state: 'due', due_at: lease.now }
  await makeDue(trx, leased, { ...due, lease_owner: lease.owner, lease_until: lease.until })
  const others = heads.filter((head) => !leased.includes(head))
  await makeDue(trx, others, due)
  return groupByLane(leased)
}
