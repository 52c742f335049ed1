import { openStates } from '../../schemas/message.ts'
import type { Knex } from 'knex'
import { readParts } from './database.ts'
import type { Database } from './database.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { asBuffer, toBytesOrNull, toHex, toUuid } from './ids.ts'
import { messageOf } from './message-row.ts'
import type { MessageRow } from './message-row.ts'
import { receiptOf } from './receipt-row.ts'
import type { DeliveryView, Store } from './store.ts'

interface AttemptRow {
  readonly delivery_id: Uint8Array
  readonly number: number
  readonly at: number
  readonly duration_ms: number
  readonly outcome: string
  readonly code: string | null
  readonly reason: string | null
}

interface StateCount {
  readonly state: string
  readonly n: number | string
}

async function readAttempts(
  knex: Knex,
  deliveries: readonly DeliveryRow[],
): Promise<Map<string, AttemptRow[]>> {
  const ids = deliveries.map(({ id }) => id)
  const rows = await readParts(ids, (part) =>
    knex<AttemptRow>('attempt').whereIn('delivery_id', part.map(asBuffer)).orderBy('number').select(),
  )
  const byDelivery = new Map<string, AttemptRow[]>()
  for (const row of rows) {
    const key = toHex(row.delivery_id)
    byDelivery.set(key, [...(byDelivery.get(key) ?? []), row])
  }
  return byDelivery
}

const deliveryView = (row: DeliveryRow, attempts: readonly AttemptRow[]): DeliveryView => ({
  id: toUuid(row.id),
  recipient: row.recipient,
  state: row.state,
  dueAt: row.due_at,
  attempts: attempts.map(({ at, duration_ms: durationMs, outcome, code, reason }) => ({
    at,
    durationMs,
    outcome,
    code,
    reason,
  })),
})

/** Reads messages for their senders and for operators, and counts deliveries. */
export const createMessages = ({ knex }: Database): Pick<Store, 'findMessage' | 'counts'> => ({
  findMessage: async (id) => {
    const messageId = toBytesOrNull(id)
    if (messageId === null) return null
    const row = await knex<MessageRow>('message').where('id', messageId).first()
    if (row === undefined) return null
    const deliveries = await knex<DeliveryRow>('delivery')
      .where('message_id', messageId)
      .orderBy('id')
      .select()
    const attempts = await readAttempts(knex, deliveries)
    const receipts = await knex<{ message_id: Buffer; at: number; jws: string; id: Buffer }>('receipt')
      .where('message_id', messageId)
      .orderBy(['at', 'id'])
      .pluck('jws')
    return {
      message: messageOf(row),
      deliveries: deliveries.map((delivery) =>
        deliveryView(delivery, attempts.get(toHex(delivery.id)) ?? []),
      ),
      receipts: receipts.map(receiptOf),
    }
  },
  counts: async () => {
    const rows = await knex('delivery')
      .whereIn('state', openStates)
      .select('state')
      .count<StateCount[]>({ n: '*' })
      .groupBy('state')
    return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]))
  },
})
