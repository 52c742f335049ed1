import type { Knex } from 'knex'
import type { Database } from './database.ts'
import { insertRows, readParts } from './database.ts'
import { noLease } from './delivery-row.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { isContention, isDuplicate } from './failures.ts'
import { freshState, paceOf, withHold } from './hold.ts'
import type { StateRow } from './hold.ts'
import { retrying, retryTransaction } from './retry-transaction.ts'
import type { AgencyState, Store } from './store.ts'

const viewOf = (row: StateRow): AgencyState => ({
  agency: row.agency,
  paused: row.paused === 1,
  pauseReason: row.pause_reason,
  pace: paceOf(row),
  shutUntil: row.shut_until,
  failures: row.failures,
  openUntil: row.open_until,
  openings: row.openings,
  closedAt: row.closed_at,
})

/** States of these agencies by code; one that was never paused and never failed has none. */
export async function readStates(
  knex: Knex,
  agencies: Iterable<string>,
): Promise<ReadonlyMap<string, StateRow>> {
  const rows = await readParts([...new Set(agencies)], (part) =>
    knex<StateRow>('agency_state').whereIn('agency', part).select(),
  )
  return new Map(rows.map((row) => [row.agency, row]))
}

/** Codes of the agencies to which nothing may go at `now`, as a subquery. */
export const blockedAgencies = (knex: Knex, now: number): Knex.QueryBuilder =>
  knex('agency_state')
    .select('agency')
    .where('paused', 1)
    .orWhere('open_until', '>', now)
    .orWhere('shut_until', '>', now)

const lockState = (trx: Knex, agency: string): Promise<StateRow | undefined> =>
  trx<StateRow>('agency_state').where({ agency }).forUpdate().first()

async function write(trx: Knex, found: StateRow | undefined, next: StateRow): Promise<void> {
  if (found === undefined) await insertRows(trx, 'agency_state', [{ ...next }])
  else await trx<StateRow>('agency_state').where({ agency: next.agency }).update(next)
}

/** Reads one row under its lock, writes what `update` makes of it. */
export async function changeState(
  trx: Knex,
  agency: string,
  update: (row: StateRow) => StateRow,
): Promise<StateRow> {
  const found = await lockState(trx, agency)
  const next = update(found ?? freshState(agency))
  await write(trx, found, next)
  return next
}

interface FailureRule {
  readonly now: number
  readonly threshold: number
  readonly atOnce: boolean
  readonly code?: string | null
  readonly openForMs: (openings: number) => number
}

function afterFailures(row: StateRow, failures: number, rule: FailureRule): StateRow {
  const counted = {
    ...row,
    failures: row.failures + failures,
    failure_at: rule.now,
    failure_code: rule.code ?? row.failure_code,
  }
  const stillOpen = row.open_until > rule.now
  const probeFailed = row.open_until > 0
  const opens = probeFailed || rule.atOnce || counted.failures >= rule.threshold
  if (stillOpen || !opens) return counted
  const openings = row.openings + 1
  return { ...counted, openings, open_until: rule.now + rule.openForMs(openings), probe_until: 0 }
}

const closed = (row: StateRow, now: number): StateRow => ({
  ...row,
  failures: 0,
  open_until: 0,
  openings: 0,
  closed_at: now,
  probe_until: 0,
})

/** What was put off while the recipient was away is due now. */
const pullDue = (trx: Knex, recipient: string, now: number): Promise<number> =>
  trx('delivery')
    .where({ recipient, state: 'due' })
    .andWhere('attempts', '>', 0)
    .andWhere('due_at', '>', now)
    .update({ due_at: now })
    .then(Number)

/**
 * Takes back the tickets of a recipient. Where nothing may go they are dropped at the claim, but their leases would hold the
 * rows until they end: a minute in which no probe, and after the return nothing of them, could go.
 */
export const takeBackTickets = (trx: Knex, recipient: string): Promise<number> =>
  trx<DeliveryRow>('delivery')
    .where({ recipient, state: 'due' })
    .whereNotNull('lease_until')
    .update(noLease)
    .then(Number)

async function close(trx: Knex, agency: string, now: number): Promise<void> {
  const row = await lockState(trx, agency)
  const opened = row !== undefined && row.open_until > 0
  await write(
    trx,
    row,
    opened ? withHold(closed(row, now), now) : { ...freshState(agency), ...row, failures: 0 },
  )
  if (!opened) return
  await pullDue(trx, agency, now)
  await takeBackTickets(trx, agency)
}

async function pause(trx: Knex, agency: string, paused: boolean, now: number): Promise<void> {
  const since = paused ? { paused: 1, paused_at: now } : { paused: 0, paused_at: null, pause_reason: null }
  await changeState(trx, agency, (row) => withHold({ ...row, ...since }, now))
  await takeBackTickets(trx, agency)
}

async function fail(trx: Knex, agency: string, failures: number, rule: FailureRule): Promise<StateRow> {
  const next = await changeState(trx, agency, (row) => withHold(afterFailures(row, failures, rule), rule.now))
  if (next.open_until > rule.now) await takeBackTickets(trx, agency)
  return next
}

type AgencyStates = Pick<
  Store,
  'agencyStates' | 'setPaused' | 'recordFailures' | 'recordSuccess' | 'takeProbe'
>

/** Pause and breaker of each recipient, shared by N processes. */
export function createAgencyStates({ knex }: Database): AgencyStates {
  const changing = <T>(act: (trx: Knex) => Promise<T>): Promise<T> =>
    retryTransaction(knex, act, (error) => isContention(error) || isDuplicate(error))
  return {
    agencyStates: async () => (await knex<StateRow>('agency_state').select()).map(viewOf),
    setPaused: async (agency, paused, now) => {
      await changing((trx) => pause(trx, agency, paused, now))
    },
    recordFailures: async (agency, failures, rule) =>
      viewOf(await changing((trx) => fail(trx, agency, failures, rule))),
    recordSuccess: async (agency, now) => {
      const row = await knex<StateRow>('agency_state').where({ agency }).first('failures', 'open_until')
      if (row === undefined || (row.failures === 0 && row.open_until === 0)) return
      await changing((trx) => close(trx, agency, now))
    },
    takeProbe: async (agency, now, until) => {
      const update = () =>
        knex<StateRow>('agency_state')
          .where({ agency, paused: 0 })
          .andWhere('open_until', '>', 0)
          .andWhere('open_until', '<=', now)
          .andWhere('probe_until', '<=', now)
          .andWhere('shut_until', '<=', now)
          .update({ probe_until: until })
          .then(Number)
      return (await retrying(update)) === 1
    },
  }
}
