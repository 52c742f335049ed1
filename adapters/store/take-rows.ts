import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { inParts, readParts } from './database.ts'
import type { DeliveryRow, Lease } from './delivery-row.ts'
import { asBuffer, toHex } from './ids.ts'
import { retrying } from './retry-transaction.ts'

export type Narrow = (query: Knex.QueryBuilder) => Knex.QueryBuilder

export interface Take {
  readonly ids: readonly Uint8Array[]
  readonly lease: Lease
  /** What must still be true of a row when it is taken. */
  readonly only: Narrow
  /** `claim`: to be sent now, counted. `lease`: only held. */
  readonly as: 'claim' | 'lease'
  /** Inside a transaction contention ends the whole of it, so it alone may try again. */
  readonly within?: 'transaction'
}

/**
 * Lease = select ids, conditional update, read by owner. The owner is made unique for each call, so that a claim is never taken for an
 * earlier one of the same process. Keeps the order of `ids`.
 */
export async function takeRows(knex: Knex, { ids, lease, only, as, within }: Take): Promise<DeliveryRow[]> {
  const owner = `${lease.owner}#${randomBytes(8).toString('hex')}`
  const held = { lease_owner: owner, lease_until: lease.until }
  const changes = as === 'claim' ? { ...held, state: 'sending', claims: knex.raw('claims + 1') } : held
  for (const part of inParts(ids)) {
    const update = (): Promise<number> =>
      only(knex('delivery').whereIn('id', part.map(asBuffer)))
        .update(changes)
        .then(Number)
    await (within === 'transaction' ? update() : retrying(update))
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
