import type { Knex } from 'knex'
import type { DeliveryState } from '../../schemas/message.ts'
import { inParts, readParts } from './database.ts'
import type { DeliveryRow } from './delivery-row.ts'
import type { Chain } from './evidence.ts'
import { staleRows } from './failures.ts'
import { asBuffer, toBytes, toUuid } from './ids.ts'
import type { LateOutcome, OutcomeStore, StandingDelivery } from './ports/outcomes.ts'

async function readStates(
  trx: Knex,
  outcomes: readonly LateOutcome[],
): Promise<ReadonlyMap<string, DeliveryState>> {
  const ids = outcomes.map(({ deliveryId }) => toBytes(deliveryId))
  const rows = await readParts(ids, (part) =>
    trx<DeliveryRow>('delivery').whereIn('id', part).select('id', 'state'),
  )
  return new Map(rows.map(({ id, state }) => [toUuid(id), state]))
}

/** Of several for one delivery, the first. */
function firsts(outcomes: readonly LateOutcome[], states: ReadonlyMap<string, DeliveryState>): LateOutcome[] {
  const seen = new Set<string>()
  return outcomes.filter(({ deliveryId }) => {
    const first = !seen.has(deliveryId) && states.get(deliveryId) === 'delivered'
    seen.add(deliveryId)
    return first
  })
}

/** On condition that nobody was faster; else everything is read again. */
async function write(
  trx: Knex,
  outcomes: readonly LateOutcome[],
  state: LateOutcome['state'],
): Promise<void> {
  const ids = outcomes.filter((one) => one.state === state).map(({ deliveryId }) => toBytes(deliveryId))
  for (const part of inParts(ids.sort((one, other) => one.compare(other)))) {
    const changed = await trx('delivery')
      .whereIn('id', part.map(asBuffer))
      .andWhere('state', 'delivered')
      .update({ state })
    if (changed !== part.length) throw staleRows()
  }
}

async function deliveryStates(
  knex: Knex,
  messageIds: readonly string[],
): ReturnType<OutcomeStore['deliveryStates']> {
  const rows = await readParts([...new Set(messageIds)].map(toBytes), (part) =>
    knex<DeliveryRow>('delivery')
      .whereIn('message_id', part)
      .select('id', 'message_id', 'recipient', 'state'),
  )
  const found = new Map<string, StandingDelivery[]>(messageIds.map((id) => [id, []]))
  for (const { id, message_id, recipient, state } of rows)
    found.get(toUuid(message_id))?.push({ id: toUuid(id), recipient, state })
  return messageIds.map((id) => found.get(id) ?? [])
}

/** Outcomes that recipients report after they have taken a delivery: states and receipts in one transaction. */
export const createOutcomes = (knex: Knex, chain: Chain): OutcomeStore => ({
  deliveryStates: (messageIds) => deliveryStates(knex, messageIds),
  settleMany: (outcomes) =>
    chain(async (trx, prove) => {
      const before = await readStates(trx, outcomes)
      const taken = firsts(outcomes, before)
      for (const state of ['processed', 'refused'] as const) await write(trx, taken, state)
      await prove(taken.map(({ receipt }) => receipt))
      const after = new Map([
        ...before,
        ...taken.map(({ deliveryId, state }) => [deliveryId, state] as const),
      ])
      return outcomes.map((one) => ({
        settled: taken.includes(one),
        state: after.get(one.deliveryId) ?? 'delivered',
      }))
    }),
})
