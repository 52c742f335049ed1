import type { Knex } from 'knex'
import type { DeliveryState } from '../../schemas/message.ts'
import { inParts } from './database.ts'
import type { Database } from './database.ts'
import { noLease } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { asBuffer, toUuid } from './ids.ts'
import { retryTransaction } from './retry-transaction.ts'
import type { Store } from './store.ts'

type Rules = Parameters<Store['sweepClaims']>[1]
type Fate = Extract<DeliveryState, 'due' | 'in_doubt' | 'parked'>

/** A claim that died may have been sent, which only some recipients can tell; else it is sent again, but not for ever. */
function fateOf({ recipient, claims, attempts }: DeliveryRow, { maxClaims, repeatable }: Rules): Fate {
  if (!repeatable(recipient)) return 'in_doubt'
  return claims - attempts >= maxClaims ? 'parked' : 'due'
}

const changesFor = (fate: Fate, now: number) =>
  fate === 'due' ? { ...noLease, state: fate, due_at: now } : { ...noLease, state: fate, settled_at: now }

async function applyFate(trx: Knex, rows: readonly DeliveryRow[], fate: Fate, now: number): Promise<void> {
  for (const part of inParts(rows.map(({ id }) => asBuffer(id)))) {
    await trx('delivery').whereIn('id', part).update(changesFor(fate, now))
  }
}

const readDead = (trx: Knex, now: number, limit: number): Promise<DeliveryRow[]> =>
  trx<DeliveryRow>('delivery')
    .where({ state: 'sending' })
    .andWhere('lease_until', '<=', now)
    .orderBy('lease_until')
    .limit(limit)
    .forUpdate()
    .select()

const fates: readonly Fate[] = ['due', 'in_doubt', 'parked']

/** Finds claims whose lease is over and decides what becomes of them. */
export const createSweep = ({ knex }: Database): Pick<Store, 'sweepClaims'> => ({
  sweepClaims: (now, rules) =>
    retryTransaction(knex, async (trx) => {
      const dead = (await readDead(trx, now, rules.limit)).map((row) => ({ row, fate: fateOf(row, rules) }))
      for (const fate of fates) {
        const rows = dead.filter((one) => one.fate === fate).map(({ row }) => row)
        await applyFate(trx, rows, fate, now)
      }
      return dead.map(({ row, fate }) => ({
        deliveryId: toUuid(row.id),
        recipient: row.recipient,
        state: fate,
        messageId: toUuid(row.message_id),
      }))
    }),
})
