import type { Knex } from 'knex'
import { stateOf } from '../../schemas/state.ts'
import type { Database } from './database.ts'
import { readParts } from './database.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { createEpochs } from './epoch.ts'
import { asBuffer, toBytesOrNull, toHex } from './ids.ts'
import { messageOf, type MessageRow } from './message-row.ts'
import type { Originals, StoredOriginal } from './originals.ts'
import { nextPlaces, pageOf, placeOf, type Place, type Walk } from './pages.ts'
import type { ListedMessage, ListingStore, ListPage, MessageQuery, Whose } from './ports/listing.ts'
import { receiptOf } from './receipt-row.ts'

/** Rows that one call looks at where a filter may leave some out: it is then asked again, and no call is long. */
const lookAt = 500
/** Lanes of one subject: its recipients. */
const maxLanes = 200

const sent = (sender: string): Walk => ({ table: 'message', id: 'id', where: { sender } })
const received = (recipient: string): Walk => ({ table: 'delivery', id: 'message_id', where: { recipient } })
const everything: Walk = { table: 'message', id: 'id', where: {} }

function walksOf({ whose, direction }: MessageQuery): readonly Walk[] {
  if (whose === 'all') return [everything]
  return [
    ...(direction === 'received' ? [] : whose.map(sent)),
    ...(direction === 'sent' ? [] : whose.map(received)),
  ]
}

/** Every message with a subject stands in the lanes of its subject, one for each recipient. */
async function walksOfSubject(knex: Knex, subjectKey: string): Promise<readonly Walk[]> {
  const lanes = await knex<{ id: Buffer; subject_key: string }>('lane')
    .where('subject_key', subjectKey)
    .limit(maxLanes)
    .pluck('id')
  return (lanes as readonly Uint8Array[]).map((lane_id) => ({
    table: 'delivery',
    id: 'message_id',
    where: { lane_id: asBuffer(lane_id) },
  }))
}

/** Messages with the states of their deliveries, by hex id. */
async function readListed(knex: Knex, places: readonly Place[]): Promise<ReadonlyMap<string, ListedMessage>> {
  const ids = places.map(({ id }) => asBuffer(id))
  const rows = await readParts(ids, (part) => knex<MessageRow>('message').whereIn('id', part).select())
  const deliveries = await readParts(ids, (part) =>
    knex<DeliveryRow>('delivery')
      .whereIn('message_id', part)
      .orderBy('id')
      .select('message_id', 'recipient', 'state'),
  )
  const byMessage = group(deliveries)
  return new Map(
    rows.map((row) => [
      toHex(row.id),
      { message: messageOf(row), deliveries: byMessage.get(toHex(row.id)) ?? [] },
    ]),
  )
}

type Delivered = ListedMessage['deliveries'][number]

function group(
  rows: readonly Pick<DeliveryRow, 'message_id' | 'recipient' | 'state'>[],
): ReadonlyMap<string, Delivered[]> {
  const found = new Map<string, Delivered[]>()
  for (const { message_id, recipient, state } of rows) {
    const key = toHex(message_id)
    const known = found.get(key)
    if (known === undefined) found.set(key, [{ recipient, state }])
    else known.push({ recipient, state })
  }
  return found
}

function concerns(
  { message, deliveries }: ListedMessage,
  whose: Whose,
  direction: MessageQuery['direction'],
) {
  if (whose === 'all') return true
  const bodies = new Set(whose)
  const hasSent = direction !== 'received' && bodies.has(message.sender)
  return hasSent || (direction !== 'sent' && deliveries.some(({ recipient }) => bodies.has(recipient)))
}

const named = ['subjectKey', 'family', 'action'] as const

function isAsked(listed: ListedMessage, query: MessageQuery): boolean {
  const { message, deliveries } = listed
  const isNamed = named.every((key) => query[key] === undefined || query[key] === message[key])
  const inState = query.state === undefined || stateOf(deliveries.map(({ state }) => state)) === query.state
  return isNamed && inState && concerns(listed, query.whose, query.direction)
}

const isNarrowed = ({ subjectKey, family, action, state }: MessageQuery): boolean =>
  [subjectKey, family, action, state].some((each) => each !== undefined)

async function listMessages(knex: Knex, open: number, query: MessageQuery): Promise<ListPage<ListedMessage>> {
  const { subjectKey, since, max } = query
  const looked = isNarrowed(query) ? lookAt : max
  const walks = subjectKey === undefined ? walksOf(query) : await walksOfSubject(knex, subjectKey)
  const places = await nextPlaces(knex, walks, { since: placeOf(since), open, limit: looked + 1 })
  const listed = await readListed(knex, places.slice(0, looked))
  const kept = places.flatMap((place) => {
    const item = listed.get(toHex(place.id))
    return item !== undefined && isAsked(item, query) ? [{ place, item }] : []
  })
  return pageOf({ places, looked, kept, max, open })
}

type RefusalQuery = Parameters<ListingStore['listRefusals']>[0]

async function listRefusals(knex: Knex, open: number, { whose, since, max }: RefusalQuery) {
  const walk = (where: Walk['where']): Walk => ({ table: 'refusal', id: 'receipt_id', where })
  const walks = whose === 'all' ? [walk({})] : whose.map((body) => walk({ body }))
  const places = await nextPlaces(knex, walks, { since: placeOf(since), open, limit: max + 1 })
  const rows = await readParts(
    places.slice(0, max).map(({ id }) => asBuffer(id)),
    (part) => knex<{ id: Buffer; jws: string }>('receipt').whereIn('id', part).select('id', 'jws'),
  )
  const byId = new Map(rows.map(({ id, jws }) => [toHex(id), receiptOf(jws)]))
  const kept = places.flatMap((place) => {
    const item = byId.get(toHex(place.id))
    return item === undefined ? [] : [{ place, item }]
  })
  return pageOf({ places, looked: max, kept, max, open })
}

export interface ListingDeps {
  readonly database: Database
  readonly open: Originals['open']
}

/** Lists by cursor, and what they lead to: one receipt, one envelope. */
export function createListing({ database, open }: ListingDeps): ListingStore {
  const { knex } = database
  const closedBelow = createEpochs(database)
  return {
    listMessages: async (query) => listMessages(knex, await closedBelow(), query),
    listRefusals: async (query) => listRefusals(knex, await closedBelow(), query),
    findReceipt: async (id) => {
      const row = await knex<{ id: Buffer; jws: string }>('receipt')
        .where('id', toBytesOrNull(id) ?? Buffer.alloc(0))
        .first('jws')
      return row === undefined ? null : receiptOf(row.jws)
    },
    findOriginal: async (messageId) => {
      const row = await knex<StoredOriginal>('message_original')
        .leftJoin('original_blob', 'original_blob.message_id', 'message_original.id')
        .where('message_original.id', toBytesOrNull(messageId) ?? Buffer.alloc(0))
        .first<StoredOriginal | undefined>('message_original.original', 'original_blob.address')
      return row === undefined ? null : open(row, messageId)
    },
  }
}
