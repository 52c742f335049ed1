import type { Knex } from 'knex'
import { blockingStates, openStates, type DeliveryState } from '../../schemas/message.ts'
import { readStates } from './agency-state.ts'
import { insertAudit } from './audit.ts'
import { insertRows, readParts } from './database.ts'
import type { Database, Engine } from './database.ts'
import { noLease } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import type { Chain } from './evidence.ts'
import { isContention, isDuplicate, staleRows } from './failures.ts'
import { freeNext } from './free.ts'
import { holdMs } from './hold.ts'
import { asBuffer, toBytes, toHex, toUuid } from './ids.ts'
import { advanceLanes, lockLanes, reservePlaces } from './lanes.ts'
import type { ActOn, DeliveryStore, Verdict } from './ports/deliveries.ts'
import { retryTransaction } from './retry-transaction.ts'

type Row = DeliveryRow & { readonly subject_key: string; readonly message_expires_at: number | null }

const readRows = (trx: Knex, ids: readonly Buffer[]): Promise<Row[]> =>
  readParts(
    ids,
    (part) =>
      trx('delivery')
        .join('message', 'message.id', 'delivery.message_id')
        .whereIn('delivery.id', [...part])
        .select('delivery.*', 'message.subject_key', {
          message_expires_at: 'message.expires_at',
        }) as unknown as Promise<Row[]>,
  )

/** Rows in the order of their lanes, read again once the lanes are locked: nobody else moves them now. */
async function lockRows(trx: Knex, ids: readonly string[]): Promise<readonly Row[]> {
  const keys = ids.map(toBytes)
  const found = await readRows(trx, keys)
  await lockLanes(
    trx,
    found.map(({ lane_id: laneId }) => laneId),
  )
  return [...(await readRows(trx, keys))].sort((a, b) => a.seq - b.seq)
}

/** Changes a row on condition that it still is as it was read. */
async function change(trx: Knex, row: Row, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const changed = await trx('delivery')
    .where({ id: asBuffer(row.id), state: row.state, seq: row.seq })
    .update(changes)
  if (changed !== 1) throw staleRows()
}

const entryOf = (row: Row, after: DeliveryState, { audit }: ActOn) =>
  audit({ id: toUuid(row.id), recipient: row.recipient, before: row.state, after })

const replayable: Readonly<Partial<Record<DeliveryState, Verdict>>> = {
  dead: 'done',
  parked: 'done',
  in_doubt: 'done',
  refused: 'at_end',
  skipped: 'at_end',
  due: 'already',
  behind: 'already',
  sending: 'already',
}

/** Its retry clock and its claims begin anew; a message that has expired meanwhile will end as expired. */
async function renewal(trx: Knex, row: Row, now: number): Promise<Record<string, unknown>> {
  const state = (await readStates(trx, [row.recipient])).get(row.recipient)
  return {
    ...noLease,
    settled_at: null,
    skip_reason: null,
    claims: row.attempts,
    expires_at: row.message_expires_at,
    // An operator's word ends a doubt.
    ...(row.state === 'in_doubt' ? { doubted_at: null } : {}),
    hold_at_accept: holdMs(state, now) - (now - row.accepted_at),
  }
}

async function placeAtEnd(trx: Knex, engine: Engine, row: Row): Promise<{ seq: number; atHead: boolean }> {
  if (row.subject_key === '') return { seq: row.seq, atHead: true }
  const { recipient, subject_key: subjectKey } = row
  const lanes = await reservePlaces(trx, engine, [{ laneId: asBuffer(row.lane_id), recipient, subjectKey }])
  const lane = lanes.get(toHex(row.lane_id))
  if (lane === undefined) throw staleRows()
  return { seq: lane.nextSeq, atHead: lane.nextSeq === lane.doneSeq + 1 }
}

async function replayOne(trx: Knex, engine: Engine, row: Row, act: ActOn): Promise<Verdict> {
  const verdict = replayable[row.state] ?? 'over'
  if (verdict !== 'done' && verdict !== 'at_end') return verdict
  const place = verdict === 'at_end' ? await placeAtEnd(trx, engine, row) : { seq: row.seq, atHead: true }
  const state = place.atHead ? 'due' : 'behind'
  const dueAt = place.atHead ? act.now : null
  await change(trx, row, { ...(await renewal(trx, row, act.now)), state, seq: place.seq, due_at: dueAt })
  await insertAudit(trx, [entryOf(row, state, act)])
  return verdict
}

/** The mark borrows the clock that ends what has expired: that finds it by its index once it is due. */
async function markOne(trx: Knex, row: Row, reason: string, act: ActOn): Promise<Verdict> {
  if (!openStates.includes(row.state)) return row.state === 'skipped' ? 'already' : 'over'
  if (row.skip_reason !== null && !blockingStates.includes(row.state)) return 'already'
  const isHeld = row.state === 'sending'
  const state = blockingStates.includes(row.state) ? 'due' : row.state
  await change(trx, row, {
    state,
    skip_reason: reason,
    expires_at: 0,
    ...(isHeld ? {} : noLease),
    ...(state === 'due' ? { due_at: act.now, settled_at: null } : {}),
  })
  await insertAudit(trx, [entryOf(row, 'skipped', act)])
  return 'done'
}

interface ActDeps {
  readonly database: Database
  /** Of what operators state. */
  readonly chain: Chain
}

type Acts = Pick<DeliveryStore, 'replayMany' | 'markSkipped' | 'settleDoubt'>

/** Replay, skip and settle: what operators do to deliveries that no attempt will end. */
export function createActs({ database: { engine, knex }, chain }: ActDeps): Acts {
  const acting = <T>(run: (trx: Knex) => Promise<T>): Promise<T> =>
    retryTransaction(knex, run, (error) => isContention(error) || isDuplicate(error))
  return {
    replayMany: (ids, act) =>
      acting(async (trx) => {
        const verdicts = new Map<string, Verdict>()
        for (const row of await lockRows(trx, ids))
          verdicts.set(toUuid(row.id), await replayOne(trx, engine, row, act))
        return ids.map((id) => verdicts.get(id.toLowerCase()) ?? 'unknown')
      }),
    markSkipped: (id, reason, act) =>
      acting(async (trx) => {
        const [row] = await lockRows(trx, [id])
        return row === undefined ? 'unknown' : markOne(trx, row, reason, act)
      }),
    settleDoubt: (id, receipt, act) =>
      chain(async (trx, prove) => {
        const [row] = await lockRows(trx, [id])
        if (row === undefined) return 'unknown'
        if (row.state !== 'in_doubt') return row.state === 'delivered' ? 'already' : 'over'
        const { now } = act
        await advanceLanes(trx, [asBuffer(row.lane_id)])
        await change(trx, row, { state: 'delivered', settled_at: now, attempts: row.attempts + 1 })
        const lease = { owner: '', now, until: now }
        await freeNext(trx, [row.lane_id], { lease, states: new Map(), mayLease: () => false })
        await insertRows(trx, 'attempt', [statement(row, receipt.receipt.reason ?? null, now)])
        await prove([receipt])
        await insertAudit(trx, [entryOf(row, 'delivered', act)])
        return 'done'
      }),
  }
}

const statement = (row: Row, reason: string | null, at: number) => ({
  delivery_id: asBuffer(row.id),
  number: row.attempts + 1,
  at,
  duration_ms: 0,
  outcome: 'delivered',
  code: 'operator_statement',
  reason,
})
