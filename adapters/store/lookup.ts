import type { Knex } from 'knex'
import type { Json } from '../../schemas/message.ts'
import { readContents, type OriginalReader } from './claimed.ts'
import { readParts, type Database } from './database.ts'
import { asBuffer, toBytes, toBytesOrNull, toHex, toUuid } from './ids.ts'
import type { CatalogRow, LookupStore } from './ports/lookup.ts'
import { receiptOf } from './receipt-row.ts'

interface Newest {
  readonly id: Uint8Array
  readonly received_at: number
}

/** The newest message of an action about a subject, found through the lanes: every ordered delivery has one, and it knows the subject. */
const readNewest = (knex: Knex, subjectKey: string, action: string) =>
  knex('lane')
    .join('delivery', 'delivery.lane_id', 'lane.id')
    .join('message', 'message.id', 'delivery.message_id')
    .where({ 'lane.subject_key': subjectKey, 'message.action': action })
    .orderBy('message.received_at', 'desc')
    .orderBy('message.id', 'desc')
    .first<Newest | undefined>('message.id', 'message.received_at')

/** Ids of all messages about a subject that have a recipient. */
export const messagesAbout = (knex: Knex, subjectKey: string): Knex.QueryBuilder =>
  knex('lane')
    .join('delivery', 'delivery.lane_id', 'lane.id')
    .where('lane.subject_key', subjectKey)
    .select('delivery.message_id')

interface LatestRow {
  readonly message_id: Uint8Array
  readonly content_hash: Uint8Array
}

interface ChangeRow {
  readonly code: string
  readonly op: string
  readonly body: string
  readonly at: number
}

async function readRows(knex: Knex, catalog: string, code: string | null): Promise<readonly CatalogRow[]> {
  const last = knex('catalog_change')
    .where({ catalog })
    .groupBy('code')
    .select('code')
    .max({ cursor: 'cursor' })
  if (code !== null) void last.where({ code })
  const rows = (await knex('catalog_change')
    .join(last.as('last'), (on) => {
      on.on('last.code', 'catalog_change.code').andOn('last.cursor', 'catalog_change.cursor')
    })
    .where({ catalog })
    .orderBy('catalog_change.code')
    .select(
      'catalog_change.code',
      'catalog_change.op',
      'catalog_change.body',
      'catalog_change.at',
    )) as unknown as ChangeRow[] // the columns named here
  return rows
    .filter(({ op }) => op === 'upsert')
    .map(({ body, code: name, at }) => ({ code: name, body: JSON.parse(body) as Json, at })) // written here
}

type Received = Parameters<LookupStore['receivedMessages']>

async function readReceived(knex: Knex, [recipients, asked]: Received): Promise<readonly Uint8Array[]> {
  const { actions, subjectKey, since = 0, before = Number.MAX_SAFE_INTEGER, limit } = asked
  const narrowed = knex('delivery')
  if (subjectKey !== undefined) void narrowed.whereIn('delivery.message_id', messagesAbout(knex, subjectKey))
  const rows = await narrowed
    .join('message', 'message.id', 'delivery.message_id')
    .whereIn('delivery.recipient', recipients)
    .whereIn('message.action', actions)
    .andWhere('message.received_at', '>=', since)
    .andWhere('message.received_at', '<', before)
    .orderBy('message.received_at', 'desc')
    .orderBy('message.id', 'desc')
    .limit(limit)
    .select<readonly { readonly id: Uint8Array }[]>('message.id')
  return rows.map(({ id }) => id).reverse()
}

async function refusalsOf(knex: Knex, messageIds: readonly string[]): ReturnType<LookupStore['refusalsOf']> {
  const ids = messageIds.map(toBytes)
  const rows = await readParts(ids, (part) =>
    knex<{ message_id: Buffer; kind: string; at: number; id: Buffer; jws: string }>('receipt')
      .whereIn('message_id', part)
      .andWhere('kind', 'refused')
      .orderBy(['at', 'id'])
      .select('jws'),
  )
  const receipts = rows.map(({ jws }) => receiptOf(jws).receipt)
  return messageIds.map((id) => receipts.filter(({ messageId }) => messageId === id))
}

/** Answers what is known of a subject and of a catalogue. */
export const createLookups = ({ knex }: Database, reader: OriginalReader): Omit<LookupStore, 'sentBy'> => ({
  latestMessages: async (subjectKey, actions) => {
    const newest = await Promise.all(actions.map((action) => readNewest(knex, subjectKey, action)))
    const found = newest.flatMap((row) => row ?? []).sort((a, b) => b.received_at - a.received_at)
    const ids = found.map(({ id }) => id)
    const contents = await readContents(knex, ids, reader)
    return ids.flatMap((id) => contents.get(toHex(id)) ?? [])
  },
  async readMessage(id) {
    const messageId = toBytesOrNull(id)
    const contents = messageId === null ? null : await readContents(knex, [messageId], reader)
    return contents?.values().next().value?.message ?? null
  },
  receivedMessages: async (...asked) => {
    const ids = await readReceived(knex, asked)
    const contents = await readContents(knex, ids, reader)
    return [...new Set(ids.map(toHex))].flatMap((id) => contents.get(id)?.message ?? [])
  },
  refusalsOf: (messageIds) => refusalsOf(knex, messageIds),
  async latestUnder(naturalKey) {
    const row = await knex('natural_key')
      .where({ natural_key: asBuffer(naturalKey) })
      .first<LatestRow | undefined>('message_id', 'content_hash')
    return row === undefined ? null : { messageId: toUuid(row.message_id), contentHash: row.content_hash }
  },
  catalogRows: (catalog, code) => readRows(knex, catalog, code),
})
