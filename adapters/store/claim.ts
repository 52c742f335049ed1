import type { Knex } from 'knex'
import { blockedAgencies } from './agency-state.ts'
import { readClaimed } from './claimed.ts'
import type { OriginalReader } from './claimed.ts'
import type { Database } from './database.ts'
import type { DeliveryRow, Lease } from './delivery-row.ts'
import { toBytes } from './ids.ts'
import { lendNext } from './lend.ts'
import { takeRows, unleased, type Narrow, type Take } from './take-rows.ts'
import type { Claimed, Store } from './store.ts'

/** Due rows of recipients that may be called. A ticket proves that the row was due by the relay's clock, which may be ahead of ours. */
const claimable =
  (knex: Knex, now: number): Narrow =>
  (query) =>
    query
      .andWhere('state', 'due')
      .whereNull('skip_reason')
      .andWhere((either) => void either.whereNotNull('lease_until').orWhere('due_at', '<=', now))
      .whereNotIn('recipient', blockedAgencies(knex, now))

/** What may have arrived is not told to have expired, unless an operator skips it. */
const isCertain = (either: Knex.QueryBuilder): void =>
  void either.whereNull('doubted_at').orWhereNotNull('skip_reason')

const idsOf = (query: Knex.QueryBuilder): Promise<Uint8Array[]> => query.pluck('id') as Promise<Uint8Array[]>

/** What is ended without an attempt needs no content: also one that cannot be opened can be skipped. */
const unopened = (): Promise<Buffer> => Promise.resolve(Buffer.alloc(0))

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
      const rows = await lendNext(knex, {
        recipient,
        max,
        bulkMost: max,
        lease,
        only: claimable,
        as: 'claim',
      })
      return readClaimed(knex, rows, { reader, now: lease.now })
    },
    findClaimed: async (deliveryId, now) => {
      const row = await knex<DeliveryRow>('delivery').where('id', toBytes(deliveryId)).first()
      if (row === undefined) return null
      const [claimed] = await readClaimed(knex, [row], { reader, now })
      return claimed === undefined ? null : { ...claimed, state: row.state }
    },
    takeExpired: async (limit, lease) => {
      const over: Narrow = (query) =>
        unleased(lease.now)(
          query.andWhere('state', 'due').andWhere('expires_at', '<=', lease.now).andWhere(isCertain),
        )
      const ids = await idsOf(over(knex('delivery')).orderBy(['expires_at', 'id']).limit(limit))
      const rows = await takeRows(knex, { ids, lease, only: over, as: 'lease' })
      return readClaimed(knex, rows, { reader: { ...reader, open: unopened }, now: lease.now })
    },
  }
}
