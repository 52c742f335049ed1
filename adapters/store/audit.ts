import type { Knex } from 'knex'
import type { AuditEntry } from '../../schemas/audit.ts'
import type { Json } from '../../schemas/message.ts'
import type { Database } from './database.ts'
import { insertRows } from './database.ts'
import { toBytes, toUuid } from './ids.ts'
import type { AuditQuery, AuditStore } from './ports/audit.ts'

interface AuditRow {
  readonly id: Uint8Array
  readonly at: number
  readonly credential_id: string
  readonly person: string | null
  readonly agency: string | null
  readonly act: string
  readonly object: string
  readonly body: string | null
  readonly before_value: string
  readonly after_value: string
  readonly reason: string | null
}

/** Writes entries within the transaction of what they tell of. */
export async function insertAudit(trx: Knex, entries: readonly AuditEntry[]): Promise<void> {
  if (entries.length === 0) return
  await insertRows(
    trx,
    'audit',
    entries.map(({ id, credentialId, before, after, ...entry }) => ({
      ...entry,
      id: toBytes(id),
      credential_id: credentialId,
      before_value: JSON.stringify(before),
      after_value: JSON.stringify(after),
    })),
  )
}

const entryOf = (row: AuditRow): AuditEntry => ({
  id: toUuid(row.id),
  at: row.at,
  credentialId: row.credential_id,
  person: row.person,
  agency: row.agency,
  act: row.act,
  object: row.object,
  body: row.body,
  before: JSON.parse(row.before_value) as Json, // written here
  after: JSON.parse(row.after_value) as Json,
  reason: row.reason,
})

async function list(knex: Knex, query: AuditQuery): Promise<readonly AuditEntry[]> {
  const { body, act, object, credentialId, from, to, before, limit } = query
  const rows = knex<AuditRow>('audit').orderBy('id', 'desc').limit(limit)
  const same = { body, act, object, credential_id: credentialId }
  for (const [column, value] of Object.entries(same)) if (value !== undefined) void rows.where(column, value)
  if (from !== undefined) void rows.where('at', '>=', from)
  if (to !== undefined) void rows.where('at', '<', to)
  if (before !== undefined) void rows.where('id', '<', toBytes(before))
  return ((await rows) as readonly AuditRow[]).map(entryOf)
}

export const createAudit = ({ knex }: Database): AuditStore => ({
  recordAudit: (entries) => insertAudit(knex, entries),
  listAudit: (query) => list(knex, query),
})
