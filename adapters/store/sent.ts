import type { Knex } from 'knex'
import { readContents, type OriginalReader } from './claimed.ts'
import { readParts, type Database } from './database.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { asBuffer, toBytesOrNull, toHex, toUuid } from './ids.ts'
import { messagesAbout } from './lookup.ts'
import type { MessageRow } from './message-row.ts'
import type { LookupStore, SentQuery, SentRow } from './ports/lookup.ts'

const mostMessages = 200

async function readIds(knex: Knex, query: SentQuery): Promise<readonly Uint8Array[]> {
  const { senders, actions, messageId, subjectKey, since, before } = query
  const narrowed = knex<MessageRow>('message').whereIn('sender', senders).whereIn('action', actions)
  if (messageId !== undefined) {
    const id = toBytesOrNull(messageId)
    if (id === null) return []
    void narrowed.andWhere('id', id)
  }
  if (subjectKey !== undefined) void narrowed.whereIn('id', messagesAbout(knex, subjectKey))
  if (since !== undefined) void narrowed.andWhere('received_at', '>=', since)
  if (before !== undefined) void narrowed.andWhere('received_at', '<', before)
  return narrowed.orderBy('id', 'desc').limit(mostMessages).pluck('id')
}

const readDeliveries = (knex: Knex, ids: readonly Uint8Array[]): Promise<DeliveryRow[]> =>
  readParts(ids.map(asBuffer), (part) =>
    knex<DeliveryRow>('delivery').whereIn('message_id', part).orderBy('id').select(),
  )

/** Answers senders what became of what they sent. */
export const createSent = ({ knex }: Database, reader: OriginalReader): Pick<LookupStore, 'sentBy'> => ({
  sentBy: async (query) => {
    const ids = await readIds(knex, query)
    const contents = await readContents(knex, ids, reader)
    const deliveries = await readDeliveries(knex, ids)
    return ids.flatMap((id): readonly SentRow[] => {
      const content = contents.get(toHex(id))
      if (content === undefined) return []
      const own = deliveries.filter(({ message_id }) => toHex(message_id) === toHex(id))
      return [{ message: content.message, deliveries: own.map(rowOf) }]
    })
  },
})

const rowOf = ({
  id,
  recipient,
  state,
  settled_at: settledAt,
}: DeliveryRow): SentRow['deliveries'][number] => ({
  ...{ id: toUuid(id), recipient, state, settledAt },
})
