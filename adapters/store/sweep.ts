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
type Fate = 'due' | 'asked' | 'in_doubt' | 'parked'

/** A claim that died may have been sent, which only some recipients can tell, or be asked; else it is sent again, but not for ever. */
function fateOf({ recipient, claims, attempts }: DeliveryRow, rules: Rules): Fate {
  const isRepeatable = rules.repeatable(recipient)
  if (!isRepeatable && rules.askAfterSeconds(recipient) === 0) return 'in_doubt'
  if (claims - attempts >= rules.maxClaims) return 'parked'
  return isRepeatable ? 'due' : 'asked'
}

const states: Readonly<Record<Fate, DeliveryState>> = {
  due: 'due',
  asked: 'due',
  in_doubt: 'in_doubt',
  parked: 'parked',
}

/** One may have been sent, if at all, in the lease that is over; a doubt from before that stays. The lease is read before it is cleared. */
const changesFor = (trx: Knex, fate: Fate, dueAt: number, now: number) => ({
  ...(fate === 'asked' ? { doubted_at: trx.raw('COALESCE(doubted_at, lease_until)') } : {}),
  ...noLease,
  state: states[fate],
  ...(states[fate] === 'due' ? { due_at: dueAt } : { settled_at: now }),
})

interface Swept {
  readonly rows: readonly DeliveryRow[]
  readonly fate: Fate
  readonly dueAt: number
}

async function applyFate(trx: Knex, { rows, fate, dueAt }: Swept, now: number): Promise<void> {
  for (const part of inParts(rows.map(({ id }) => asBuffer(id)))) {
    await trx('delivery')
      .whereIn('id', part)
      .update(changesFor(trx, fate, dueAt, now))
  }
}

/** The longest of their waits: later does no harm. */
const askAt = (rows: readonly DeliveryRow[], { askAfterSeconds }: Rules, now: number): number =>
  now + 1000 * Math.max(...rows.map(({ recipient }) => askAfterSeconds(recipient)))

const readDead = (trx: Knex, now: number, limit: number): Promise<DeliveryRow[]> =>
  trx<DeliveryRow>('delivery')
    .where({ state: 'sending' })
    .andWhere('lease_until', '<=', now)
    .orderBy('lease_until')
    .limit(limit)
    .forUpdate()
    .select()

const fates: readonly Fate[] = ['due', 'asked', 'in_doubt', 'parked']

/** Finds claims whose lease is over and decides what becomes of them. */
export const createSweep = ({ knex }: Database): Pick<Store, 'sweepClaims'> => ({
  sweepClaims: (now, rules) =>
    retryTransaction(knex, async (trx) => {
      const dead = (await readDead(trx, now, rules.limit)).map((row) => ({ row, fate: fateOf(row, rules) }))
      for (const fate of fates) {
        const rows = dead.filter((one) => one.fate === fate).map(({ row }) => row)
        if (rows.length === 0) continue
        const dueAt = fate === 'asked' ? askAt(rows, rules, now) : now
        await applyFate(trx, { rows, fate, dueAt }, now)
      }
      return dead.map(({ row, fate }) => ({
        deliveryId: toUuid(row.id),
        recipient: row.recipient,
        state: states[fate],
        messageId: toUuid(row.message_id),
      }))
    }),
})
