import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { blockedAgencies } from './agency-state.ts'
import { readClaimed } from './claimed.ts'
import type { OriginalReader } from './claimed.ts'
import type { Database } from './database.ts'
import { inParts, readParts } from './database.ts'
import type { DeliveryRow, Lease } from './delivery-row.ts'
import { asBuffer, toBytes, toHex } from './ids.ts'
import { retrying } from './retry-transaction.ts'
import type { Claimed, Store } from './store.ts'

type Narrow = (query: Knex.QueryBuilder) => Knex.QueryBuilder

interface Take {
  readonly ids: readonly Uint8Array[]
  readonly lease: Lease
  /** What must still be true of a row when it is taken. */
  readonly only: Narrow
  /** `claim`: to be sent now, counted. `lease`: only held. */
  readonly as: 'claim' | 'lease'
}

/**
 * Lease = select ids, conditional update, read by owner. The owner is made unique for each call, so that a claim is never taken for an
 * earlier one of the same process. Keeps the order of `ids`.
 */
export async function takeRows(knex: Knex, { ids, lease, only, as }: Take): Promise<DeliveryRow[]> {
  const owner = `${lease.owner}#${randomBytes(8).toString('hex')}`
  const held = { lease_owner: owner, lease_until: lease.until }
  const changes = as === 'claim' ? { ...held, state: 'sending', claims: knex.raw('claims + 1') } : held
  for (const part of inParts(ids)) {
    await retrying(() =>
      only(knex('delivery').whereIn('id', part.map(asBuffer)))
        .update(changes)
        .then(Number),
    )
  }
  const rows = await readParts(ids, (part) =>
    knex<DeliveryRow>('delivery').whereIn('id', part.map(asBuffer)).andWhere('lease_owner', owner).select(),
  )
  const byId = new Map(rows.map((row) => [toHex(row.id), row]))
  return ids.flatMap((id) => byId.get(toHex(id)) ?? [])
}

/** Rows that nobody holds at `now`. */
export const unleased =
  (now: number): Narrow =>
  (query) =>
    query.andWhere((either) => void either.whereNull('lease_until').orWhere('lease_until', '<=', now))

/** Due rows of recipients that may be called. A ticket proves that the row was due by the relay's clock, which may be ahead of ours. */
const claimable =
  (knex: Knex, now: number): Narrow =>
  (query) =>
    query
      .andWhere('state', 'due')
      .andWhere((either) => void either.whereNotNull('lease_until').orWhere('due_at', '<=', now))
      .whereNotIn('recipient', blockedAgencies(knex, now))

const idsOf = (query: Knex.QueryBuilder): Promise<Uint8Array[]> => query.pluck('id') as Promise<Uint8Array[]>

export interface ClaimDeps {
  readonly database: Database
  readonly reader: OriginalReader
}

type Claims = Pick<Store, 'claimMany' | 'takeMany' | 'findClaimed' | 'takeExpired'>

/** Claims of workers, of recipients that pull, and of the clock that ends what has expired. */
export function createClaims({ database: { knex }, reader }: ClaimDeps): Claims {
  const take = async (
    ids: readonly Uint8Array[],
    lease: Lease,
    how: Pick<Take, 'only' | 'as'>,
  ): Promise<Claimed[]> =>
    readClaimed(knex, await takeRows(knex, { ids, lease, ...how }), { reader, now: lease.now })
  return {
    claimMany: (ids, lease) =>
      take(ids.map(toBytes), lease, { only: claimable(knex, lease.now), as: 'claim' }),
    takeMany: async (recipient, max, lease) => {
      const next = claimable(
        knex,
        lease.now,
      )(knex('delivery').where({ recipient }))
        .orderBy(['priority', 'due_at', 'id'])
        .limit(max)
      return take(await idsOf(next), lease, { only: claimable(knex, lease.now), as: 'claim' })
    },
    findClaimed: async (deliveryId, now) => {
      const row = await knex<DeliveryRow>('delivery').where('id', toBytes(deliveryId)).first()
      if (row === undefined) return null
      const [claimed] = await readClaimed(knex, [row], { reader, now })
      return claimed === undefined ? null : { ...claimed, state: row.state }
    },
    takeExpired: async (limit, lease) => {
      const over: Narrow = (query) =>
        unleased(lease.now)(query.andWhere('state', 'due').andWhere('expires_at', '<=', lease.now))
      const ids = await idsOf(over(knex('delivery')).orderBy(['expires_at', 'id']).limit(limit))
      return take(ids, lease, { only: over, as: 'lease' })
    },
  }
}
