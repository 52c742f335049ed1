import type { Knex } from 'knex'
import { blockedAgencies } from './agency-state.ts'
import { readParts } from './database.ts'
import type { Database } from './database.ts'
import { toUuid } from './ids.ts'
import { lendNext } from './lend.ts'
import type { Store } from './store.ts'
import { unleased, type Narrow } from './take-rows.ts'

/** One probe of the index for each recipient: a plain DISTINCT would read the whole backlog. */
const dueAgenciesSql = `
  WITH RECURSIVE waiting (recipient) AS (
    SELECT MIN(recipient) FROM delivery WHERE state = 'due'
    UNION ALL
    SELECT (SELECT MIN(d.recipient) FROM delivery d WHERE d.state = 'due' AND d.recipient > waiting.recipient)
    FROM waiting WHERE waiting.recipient IS NOT NULL
  )
  SELECT recipient FROM waiting WHERE recipient IS NOT NULL AND EXISTS (
    SELECT 1 FROM delivery d WHERE d.state = 'due' AND d.recipient = waiting.recipient
      AND d.skip_reason IS NULL AND d.due_at <= ? AND (d.lease_until IS NULL OR d.lease_until <= ?)
  )`

interface WaitingRow {
  readonly recipient: string
}

const rowsOf = (engine: Database['engine'], result: unknown): readonly WaitingRow[] =>
  engine === 'sqlite' ? (result as WaitingRow[]) : (result as [WaitingRow[]])[0]

/** Due rows that nobody holds, of a recipient that may be called. */
const leasable = (knex: Knex, now: number): Narrow => {
  const free = unleased(now)
  return (query) =>
    free(query.andWhere('state', 'due').whereNull('skip_reason').andWhere('due_at', '<=', now)).whereNotIn(
      'recipient',
      blockedAgencies(knex, now),
    )
}

/** One statement for all: a round asks for every busy recipient, many times a second. */
async function countAll(
  knex: Knex,
  recipients: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const rows = await readParts(recipients, (part) =>
    knex('delivery')
      .whereIn('recipient', part)
      .andWhere('lease_until', '>', now)
      .groupBy('recipient')
      .select('recipient')
      .count<{ recipient: string; n: number | string }[]>({ n: '*' }),
  )
  return new Map(rows.map(({ recipient, n }) => [recipient, Number(n)]))
}

type Relay = Pick<Store, 'dueAgencies' | 'inFlight' | 'leaseDue'>

/** What the relay asks: who waits, how much is out, what goes next. */
export const createRelay = ({ engine, knex }: Database): Relay => ({
  dueAgencies: async (now) =>
    rowsOf(engine, await knex.raw(dueAgenciesSql, [now, now])).map(({ recipient }) => recipient),
  inFlight: (recipients, now) => countAll(knex, recipients, now),
  leaseDue: async (recipient, max, lease, bulkMost = max) => {
    const rows = await lendNext(knex, { recipient, max, bulkMost, lease, only: leasable, as: 'lease' })
    return rows.map(({ id }) => toUuid(id))
  },
})
