import type { Knex } from 'knex'
import { bulkPriority } from '../../schemas/pace.ts'
import { laneKey } from '../../signing/digest.ts'
import { readStates } from './agency-state.ts'
import { writeChanges } from './catalog.ts'
import { messageRow, referenceRows } from './accept-rows.ts'
import { insertRows } from './database.ts'
import type { Engine, NewRow } from './database.ts'
import { holdEpoch } from './epoch.ts'
import type { Chain } from './evidence.ts'
import { holdMs, mayBeBornLeased, paceOf } from './hold.ts'
import type { StateRow } from './hold.ts'
import { toBytes, toHex } from './ids.ts'
import { reservePlaces } from './lanes.ts'
import type { LaneTail } from './lanes.ts'
import { settleRepeats } from './ledger.ts'
import { writeUses } from './files.ts'
import { writeNaturalKeys } from './natural-key.ts'
import { nothing, writeOriginals } from './originals.ts'
import type { KeptOriginal, Originals } from './originals.ts'
import { recordFacts } from './payments/record.ts'
import type { Acceptance, AcceptResult, NewDelivery, Store } from './store.ts'

/** An acceptance with its original encrypted, and written where it is large: done before the transaction is opened. */
interface Prepared extends Acceptance {
  readonly kept: KeptOriginal
}

/** A delivery of a batch. Without a subject key nothing orders it: it is a lane by itself and needs no lane row. */
interface Planned {
  readonly acceptance: Acceptance
  readonly delivery: NewDelivery
  readonly laneId: Buffer
  readonly ordered: boolean
}

interface Placing {
  readonly lanes: ReadonlyMap<string, LaneTail>
  readonly states: ReadonlyMap<string, StateRow>
}

export interface AcceptDeps {
  readonly engine: Engine
  readonly chain: Chain
  readonly keep: Originals['keep']
}

const planOf = (acceptance: Acceptance): Planned[] =>
  acceptance.deliveries.map((delivery) => {
    const { subjectKey } = acceptance.message
    const ordered = subjectKey !== ''
    const laneId = ordered ? laneKey(delivery.recipient, subjectKey) : toBytes(delivery.id)
    return { acceptance, delivery, laneId, ordered }
  })

/** Takes the next place of the lane; at the head it is due. */
function takePlace(lanes: ReadonlyMap<string, LaneTail>, laneId: Buffer): { seq: number; atHead: boolean } {
  const lane = lanes.get(toHex(laneId))
  if (lane === undefined) return { seq: 1, atHead: true }
  const seq = lane.nextSeq
  lane.nextSeq += 1
  return { seq, atHead: seq === lane.doneSeq + 1 }
}

/** What an operator has marked as bulk goes behind everything else. */
function priorityOf(
  { message }: Acceptance,
  { priority }: NewDelivery,
  states: ReadonlyMap<string, StateRow>,
): number {
  const isBulk = paceOf(states.get(message.sender)).bulkActions.includes(message.action)
  return isBulk ? bulkPriority : priority
}

function deliveryRow({ acceptance, delivery, laneId }: Planned, { lanes, states }: Placing): NewRow {
  const { seq, atHead } = takePlace(lanes, laneId)
  const { id, receivedAt, expiresAt } = acceptance.message
  const state = states.get(delivery.recipient)
  const priority = priorityOf(acceptance, delivery, states)
  const lease = atHead && mayBeBornLeased(state, priority, receivedAt) ? delivery.lease : null
  return {
    id: toBytes(delivery.id),
    message_id: toBytes(id),
    recipient: delivery.recipient,
    lane_id: laneId,
    seq,
    state: atHead ? 'due' : 'behind',
    priority,
    due_at: atHead ? receivedAt : null,
    claims: 0,
    attempts: 0,
    lease_owner: lease?.owner ?? null,
    lease_until: lease?.until ?? null,
    accepted_at: receivedAt,
    hold_at_accept: holdMs(state, receivedAt),
    expires_at: expiresAt ?? null,
  }
}

/** Lanes first: every transaction takes its locks in this order. */
async function placeDeliveries(
  trx: Knex,
  engine: Engine,
  { fresh, states }: { readonly fresh: readonly Acceptance[]; readonly states: Placing['states'] },
): Promise<NewRow[]> {
  const planned = fresh.flatMap(planOf)
  const wishes = planned
    .filter(({ ordered }) => ordered)
    .map(({ acceptance, delivery, laneId }) => ({
      laneId,
      recipient: delivery.recipient,
      subjectKey: acceptance.message.subjectKey,
    }))
  const lanes = await reservePlaces(trx, engine, wishes)
  return planned.map((plan) => deliveryRow(plan, { lanes, states }))
}

interface Writing {
  readonly fresh: readonly Prepared[]
  readonly deliveries: readonly NewRow[]
  /** Natural keys used before, in hex. */
  readonly known: ReadonlySet<string>
}

async function writeFresh(trx: Knex, { fresh, deliveries, known }: Writing): Promise<void> {
  if (fresh.length === 0) return
  await insertRows(trx, 'reference', referenceRows(fresh))
  await writeNaturalKeys(trx, fresh, known)
  const epoch = await holdEpoch(trx)
  const messages = fresh.map((acceptance) => ({ ...messageRow(acceptance), epoch }))
  await insertRows(trx, 'message', messages)
  await writeOriginals(trx, fresh)
  await writeUses(trx, fresh)
  const stamped = deliveries.map((row) => ({ ...row, epoch }))
  await insertRows(trx, 'delivery', stamped)
  await writeChanges(
    trx,
    fresh.flatMap(({ catalogChanges, message }) =>
      catalogChanges.map((change) => ({ ...change, at: message.receivedAt })),
    ),
  )
  const facts = fresh.flatMap(({ facts: said, message: { id: messageId, receivedAt: at } }) =>
    said.map((fact) => ({ fact, messageId, at, sealed: null })),
  )
  await recordFacts(trx, facts)
}

/** Deliveries of one message that were born leased. */
const leasedOf = ({ deliveries }: Acceptance, leased: ReadonlySet<string>): AcceptResult => ({
  kind: 'accepted',
  leased: deliveries
    .filter(({ id }) => leased.has(toHex(toBytes(id))))
    .map(({ id, recipient }) => ({ id, agency: recipient })),
})

const leasedIds = (rows: readonly NewRow[]): ReadonlySet<string> =>
  new Set(rows.filter((row) => row['lease_owner'] !== null).map((row) => toHex(row['id'] as Uint8Array)))

const partiesOf = ({ message, deliveries }: Acceptance): readonly string[] => [
  message.sender,
  ...deliveries.map(({ recipient }) => recipient),
]

const isDraining = (state: StateRow | undefined): boolean => typeof state?.draining_at === 'number'

const againLater = (state: StateRow | undefined): AcceptResult => ({
  kind: 'draining',
  reason: state?.drain_reason ?? null,
})

/** Accepts batches: message, deliveries, ledger and evidence in one transaction. */
export const createAccept = ({ engine, chain, keep }: AcceptDeps): Pick<Store, 'acceptMany'> => ({
  acceptMany: async (batch) => {
    if (batch.length === 0) return []
    const kept = await Promise.all(batch.map(({ original, message }) => keep(original, message.id)))
    const prepared = batch.map((acceptance, i) => ({ ...acceptance, kept: kept[i] ?? nothing }))
    return chain(async (trx, prove) => {
      const { fresh: asked, repeats, known } = await settleRepeats(trx, prepared)
      const states = await readStates(trx, asked.flatMap(partiesOf))
      const fresh = asked.filter(({ message }) => !isDraining(states.get(message.sender)))
      const rows = await placeDeliveries(trx, engine, { fresh, states })
      await writeFresh(trx, { fresh, deliveries: rows, known })
      await prove(fresh.map(({ receipt }) => receipt))
      const leased = leasedIds(rows)
      return batch.map((acceptance, i) => {
        const state = states.get(acceptance.message.sender)
        const turnedAway = isDraining(state) ? againLater(state) : null
        return repeats[i] ?? turnedAway ?? leasedOf(acceptance, leased)
      })
    })
  },
})
