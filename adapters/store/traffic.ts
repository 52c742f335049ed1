import type { Knex } from 'knex'
import { noPace, shutUntil } from '../../schemas/pace.ts'
import { movingStates, openStates } from '../../schemas/message.ts'
import { changeState, readStates, takeBackTickets } from './agency-state.ts'
import { insertAudit } from './audit.ts'
import { inParts, readParts } from './database.ts'
import type { Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import { freshState, paceOf, withHold } from './hold.ts'
import type { StateRow } from './hold.ts'
import { asBuffer, toHex } from './ids.ts'
import { countInFlight } from './lend.ts'
import type { Backlog, OrderChange, Orders, Traffic, TrafficStore } from './ports/traffic.ts'
import { retryTransaction } from './retry-transaction.ts'

const ordersOf = (row: StateRow): Orders => ({
  agency: row.agency,
  paused: row.paused === 1,
  pausedAt: row.paused_at,
  pauseReason: row.pause_reason,
  drainingAt: row.draining_at,
  drainReason: row.drain_reason,
  pace: paceOf(row),
})

const pauseColumns = ({ paused, pauseReason }: OrderChange, row: StateRow, now: number) =>
  paused === undefined
    ? {}
    : {
        paused: paused ? 1 : 0,
        paused_at: paused ? (row.paused_at ?? now) : null,
        pause_reason: paused ? (pauseReason ?? null) : null,
      }

const drainColumns = ({ draining, drainReason }: OrderChange, row: StateRow, now: number) =>
  draining === undefined
    ? {}
    : {
        draining_at: draining ? (row.draining_at ?? now) : null,
        drain_reason: draining ? (drainReason ?? null) : null,
      }

const paceColumns = ({ pace }: OrderChange, now: number) =>
  pace === undefined
    ? {}
    : {
        pace: JSON.stringify(pace) === JSON.stringify(noPace) ? null : JSON.stringify(pace),
        paid_until: 0,
        shut_until: shutUntil(pace, now),
      }

/** After any change tickets are drawn anew: those that are out may be more than what is allowed now. */
async function order(
  trx: Knex,
  agency: string,
  change: OrderChange,
  { now, audit }: Parameters<TrafficStore['order']>[2],
): Promise<Orders> {
  let before = ordersOf(freshState(agency))
  const row = await changeState(trx, agency, (found) => {
    before = ordersOf(found)
    const changes = {
      ...pauseColumns(change, found, now),
      ...drainColumns(change, found, now),
      ...paceColumns(change, now),
    }
    return withHold({ ...found, ...changes }, now)
  })
  if (change.paused !== undefined || change.pace !== undefined) await takeBackTickets(trx, agency)
  const after = ordersOf(row)
  await insertAudit(trx, audit(before, after))
  return after
}

async function turnGate(trx: Knex, agency: string, now: number): Promise<void> {
  const row = await changeState(trx, agency, (found) =>
    withHold({ ...found, shut_until: shutUntil(paceOf(found), now) }, now),
  )
  if (row.shut_until > now) await takeBackTickets(trx, agency)
}

async function countStates(knex: Knex, recipient: string): Promise<Traffic['waiting']> {
  const rows = await knex('delivery')
    .where({ recipient })
    .whereIn('state', openStates)
    .groupBy('state')
    .select<{ state: string; n: number | string }[]>('state', knex.raw('COUNT(*) AS n'))
  return Object.fromEntries(rows.map(({ state, n }) => [state, Number(n)]))
}

async function countOutgoing(knex: Knex, sender: string): Promise<number> {
  const rows = await knex('delivery')
    .join('message', 'message.id', 'delivery.message_id')
    .whereIn('delivery.state', movingStates)
    .andWhere('message.sender', sender)
    .count<{ n: number | string }[]>({ n: '*' })
  return Number(rows[0]?.n ?? 0)
}

interface DueRow {
  readonly recipient: string
  readonly first: Uint8Array
  readonly n: number | string
}

/** The smallest id is the oldest acceptance: ids are made in its order. Read from the index alone. */
async function readBacklogs(knex: Knex, recipient?: string): Promise<readonly Backlog[]> {
  const query = knex('delivery').where('state', 'due').groupBy('recipient')
  if (recipient !== undefined) void query.andWhere({ recipient })
  const rows = await query.select<DueRow[]>(
    'recipient',
    knex.raw('MIN(id) AS first'),
    knex.raw('COUNT(*) AS n'),
  )
  const oldest = await readParts(
    rows.map(({ first }) => first),
    (part) =>
      knex<{ id: Uint8Array; accepted_at: number }>('delivery')
        .whereIn('id', part.map(asBuffer))
        .select('id', 'accepted_at'),
  )
  const acceptedAt = new Map(oldest.map(({ id, accepted_at }) => [toHex(id), accepted_at]))
  return rows.flatMap(({ recipient: agency, first, n }) => {
    const oldestAt = acceptedAt.get(toHex(first))
    return oldestAt === undefined ? [] : [{ agency, due: Number(n), oldestAt }]
  })
}

async function readTraffic(knex: Knex, agency: string, now: number): Promise<Traffic> {
  const row = (await readStates(knex, [agency])).get(agency) ?? freshState(agency)
  const orders = ordersOf(row)
  const [backlog] = await readBacklogs(knex, agency)
  return {
    ...orders,
    shutUntil: shutUntil(orders.pace, now),
    breaker: { failures: row.failures, openUntil: row.open_until, openings: row.openings },
    inFlight: await countInFlight(knex, agency, now),
    waiting: await countStates(knex, agency),
    oldestAt: backlog?.oldestAt ?? null,
    lastSuccessAt: row.success_at,
    lastFailureAt: row.failure_at,
    lastFailureCode: row.failure_code,
    outgoing: orders.drainingAt === null ? null : await countOutgoing(knex, agency),
  }
}

/** What operators ask of each body, and how it goes. */
export function createTraffic({ knex }: Database): TrafficStore {
  const changing = <T>(act: (trx: Knex) => Promise<T>): Promise<T> =>
    retryTransaction(knex, act, (error) => isContention(error) || isDuplicate(error))
  return {
    order: (agency, change, how) => changing((trx) => order(trx, agency, change, how)),
    turnGate: (agency, now) => changing((trx) => turnGate(trx, agency, now)),
    noteSuccess: async (agencies, now) => {
      for (const part of inParts([...agencies].sort()))
        for (const agency of part)
          await changing((trx) => changeState(trx, agency, (row) => ({ ...row, success_at: now })))
    },
    traffic: (agency, now) => readTraffic(knex, agency, now),
    backlogs: () => readBacklogs(knex),
  }
}
