import type { Knex } from 'knex'
import { laneKey, sha256 } from '../../signing/digest.ts'
import { readStates } from './agency-state.ts'
import { writeChanges } from './catalog.ts'
import { insertRows } from './database.ts'
import type { Engine, NewRow } from './database.ts'
import type { Chain } from './evidence.ts'
import { holdMs, isBlocked } from './hold.ts'
import type { StateRow } from './hold.ts'
import { asBuffer, toBytes, toHex } from './ids.ts'
import { reservePlaces } from './lanes.ts'
import type { LaneTail } from './lanes.ts'
import { settleRepeats } from './ledger.ts'
import { writeUses } from './files.ts'
import { headerRow } from './message-row.ts'
import { nothing, writeOriginals } from './originals.ts'
import type { KeptOriginal, Originals } from './originals.ts'
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

function deliveryRow({ acceptance, delivery, laneId }: Planned, { lanes, states }: Placing): NewRow {
  const { seq, atHead } = takePlace(lanes, laneId)
  const { id, receivedAt, expiresAt } = acceptance.message
  const state = states.get(delivery.recipient)
  const lease = atHead && !isBlocked(state, receivedAt) ? delivery.lease : null
  return {
    id: toBytes(delivery.id),
    message_id: toBytes(id),
    recipient: delivery.recipient,
    lane_id: laneId,
    seq,
    state: atHead ? 'due' : 'behind',
    priority: delivery.priority,
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
async function placeDeliveries(trx: Knex, engine: Engine, fresh: readonly Acceptance[]): Promise<NewRow[]> {
  const planned = fresh.flatMap(planOf)
  const wishes = planned
    .filter(({ ordered }) => ordered)
    .map(({ acceptance, delivery, laneId }) => ({
      laneId,
      recipient: delivery.recipient,
      subjectKey: acceptance.message.subjectKey,
    }))
  const lanes = await reservePlaces(trx, engine, wishes)
  const states = await readStates(
    trx,
    planned.map(({ delivery }) => delivery.recipient),
  )
  return planned.map((plan) => deliveryRow(plan, { lanes, states }))
}

const messageRow = ({ message, contentHash, receivedDigest, original }: Acceptance): NewRow => ({
  ...headerRow(message),
  content_hash: asBuffer(contentHash),
  received_digest: asBuffer(receivedDigest),
  original_digest: sha256(original),
  size: original.byteLength,
})

const referenceRow = ({ referenceKey, message, contentHash, receipt }: Acceptance): NewRow => ({
  reference_key: asBuffer(referenceKey),
  message_id: toBytes(message.id),
  content_hash: asBuffer(contentHash),
  receipt_id: toBytes(receipt.receipt.id),
})

/** Two batches that race for several references take them in one order. */
const referenceRows = (fresh: readonly Acceptance[]): NewRow[] =>
  [...fresh].sort((a, b) => Buffer.compare(a.referenceKey, b.referenceKey)).map(referenceRow)

async function writeFresh(
  trx: Knex,
  fresh: readonly Prepared[],
  deliveries: readonly NewRow[],
): Promise<void> {
  await insertRows(trx, 'reference', referenceRows(fresh))
  await insertRows(trx, 'message', fresh.map(messageRow))
  await writeOriginals(trx, fresh)
  await writeUses(trx, fresh)
  await insertRows(trx, 'delivery', deliveries)
  await writeChanges(
    trx,
    fresh.flatMap(({ catalogChanges, message }) =>
      catalogChanges.map((change) => ({ ...change, at: message.receivedAt })),
    ),
  )
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

/** Accepts batches: message, deliveries, ledger and evidence in one transaction. */
export const createAccept = ({ engine, chain, keep }: AcceptDeps): Pick<Store, 'acceptMany'> => ({
  acceptMany: async (batch) => {
    if (batch.length === 0) return []
    const kept = await Promise.all(batch.map(({ original, message }) => keep(original, message.id)))
    const prepared = batch.map((acceptance, i) => ({ ...acceptance, kept: kept[i] ?? nothing }))
    return chain(async (trx, prove) => {
      const { fresh, repeats } = await settleRepeats(trx, prepared)
      const rows = await placeDeliveries(trx, engine, fresh)
      await writeFresh(trx, fresh, rows)
      await prove(fresh.map(({ receipt }) => receipt))
      const leased = leasedIds(rows)
      return batch.map((acceptance, i) => repeats[i] ?? leasedOf(acceptance, leased))
    })
  },
})
