import type { Knex } from 'knex'
import { blockedAgencies } from './agency-state.ts'
import { takeRows, unleased } from './claim.ts'
import type { Database } from './database.ts'
import { toUuid } from './ids.ts'
import type { Store } from './store.ts'

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
      AND d.due_at <= ? AND (d.lease_until IS NULL OR d.lease_until <= ?)
  )`

interface WaitingRow {
  readonly recipient: string
}

const rowsOf = (engine: Database['engine'], result: unknown): readonly WaitingRow[] =>
  engine === 'sqlite' ? (result as WaitingRow[]) : (result as [WaitingRow[]])[0]

type Relay = Pick<Store, 'dueAgencies' | 'inFlight' | 'leaseDue'>

/** What the relay asks: who waits, how much is out, what goes next. */
export const createRelay = ({ engine, knex }: Database): Relay => ({
  dueAgencies: async (now) =>
    rowsOf(engine, await knex.raw(dueAgenciesSql, [now, now])).map(({ recipient }) => recipient),
  inFlight: async (recipient, now) => {
    const rows = await knex('delivery')
      .where({ recipient })
      .andWhere('lease_until', '>', now)
      .count<{ n: number | string }[]>({ n: '*' })
    return Number(rows[0]?.n ?? 0)
  },
  leaseDue: async (recipient, max, lease) => {
    const free = (query: Knex.QueryBuilder): Knex.QueryBuilder =>
      unleased(lease.now)(query.andWhere('state', 'due').andWhere('due_at', '<=', lease.now)).whereNotIn(
        'recipient',
        blockedAgencies(knex, lease.now),
      )
    const next = free(knex('delivery').where({ recipient })).orderBy(['priority', 'due_at', 'id']).limit(max)
    const ids = (await next.pluck('id')) as Uint8Array[]
    const rows = await takeRows(knex, { ids, lease, only: free, as: 'lease' })
    return rows.map(({ id }) => toUuid(id))
  },
})
