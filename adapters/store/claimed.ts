import type { Knex } from 'knex'
import type { Message, Payload } from '../../schemas/message.ts'
import { readStates } from './agency-state.ts'
import { readParts } from './database.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { holdMs } from './hold.ts'
import type { StateRow } from './hold.ts'
import { asBuffer, toHex, toUuid } from './ids.ts'
import { messageOf } from './message-row.ts'
import type { MessageRow } from './message-row.ts'
import type { Originals, StoredOriginal } from './originals.ts'
import type { Claimed } from './store.ts'

export interface OriginalReader {
  readonly open: Originals['open']
  /** The payload inside an original. */
  readonly readOriginal: (original: Buffer) => Payload
}

type Stored = MessageRow & StoredOriginal
type Content = Pick<Claimed, 'message' | 'original' | 'originalDigest' | 'contentHash'>

const readStored = (knex: Knex, ids: readonly Uint8Array[]): Promise<Stored[]> =>
  readParts(
    ids,
    (part) =>
      knex('message')
        .join('message_original', 'message_original.id', 'message.id')
        .leftJoin('original_blob', 'original_blob.message_id', 'message.id')
        .whereIn('message.id', part.map(asBuffer))
        .select('message.*', 'message_original.original', 'original_blob.address') as Promise<Stored[]>,
  )

/**
 * The payload is read when it is first asked for: most recipients get the sender's envelope as it is, and reading it would be a fifth
 * of the worker's time. A copy of the message asks for it.
 */
function withPayload(header: Omit<Message, 'payload'>, read: () => Payload): Message {
  let payload: Payload | undefined
  return {
    ...header,
    get payload() {
      return (payload ??= read())
    },
  }
}

async function contentOf(row: Stored, { open, readOriginal }: OriginalReader): Promise<Content> {
  const header = messageOf(row)
  const original = await open(row, header.id)
  return {
    message: withPayload(header, () => readOriginal(original)),
    original,
    originalDigest: asBuffer(row.original_digest),
    contentHash: asBuffer(row.content_hash),
  }
}

/** A content that cannot be opened, or the reason. */
type Opened = { readonly content: Content } | { readonly error: unknown }

async function openOne(row: Stored, reader: OriginalReader): Promise<Opened> {
  try {
    return { content: await contentOf(row, reader) }
  } catch (error) {
    return { error }
  }
}

/**
 * One original that cannot be opened must not hold up its neighbours: it is left out, its claims run out without an outcome, and it
 * is parked with an alert. When none can be opened the fault is ours (a master key is missing) and is thrown.
 */
async function openAll(
  rows: readonly Stored[],
  reader: OriginalReader,
): Promise<ReadonlyMap<string, Content>> {
  const opened = await Promise.all(
    rows.map(async (row) => [toHex(row.id), await openOne(row, reader)] as const),
  )
  const [first] = opened
  const noneOpens = opened.every(([, one]) => 'error' in one)
  if (noneOpens && first !== undefined && 'error' in first[1]) throw first[1].error
  return new Map(opened.flatMap(([id, one]) => ('content' in one ? [[id, one.content] as const] : [])))
}

/** Message and original by the hex id of the message. */
export const readContents = async (
  knex: Knex,
  ids: readonly Uint8Array[],
  reader: OriginalReader,
): Promise<ReadonlyMap<string, Content>> => openAll(await readStored(knex, ids), reader)

/** Age that counts: time paused or behind the breaker since the acceptance is left out. */
const ageMs = (row: DeliveryRow, state: StateRow | undefined, now: number): number =>
  now - row.accepted_at - (holdMs(state, now) - row.hold_at_accept)

/** Reads message and original of claimed rows; each original once, however many recipients it has. Keeps the order of `rows`. */
export async function readClaimed(
  knex: Knex,
  rows: readonly DeliveryRow[],
  { reader, now }: { readonly reader: OriginalReader; readonly now: number },
): Promise<Claimed[]> {
  const ids = new Map(rows.map(({ message_id }) => [toHex(message_id), message_id]))
  const contents = await readContents(knex, [...ids.values()], reader)
  const states = await readStates(
    knex,
    rows.map(({ recipient }) => recipient),
  )
  return rows.flatMap((row) => {
    const content = contents.get(toHex(row.message_id))
    if (content === undefined) return []
    const { recipient, priority, claims, attempts } = row
    const owner = row.lease_owner ?? ''
    const { skip_reason: skipReason, doubted_at: doubtedAt } = row
    const age = ageMs(row, states.get(recipient), now)
    return [
      {
        deliveryId: toUuid(row.id),
        recipient,
        owner,
        priority,
        claims,
        attempts,
        ageMs: age,
        skipReason,
        doubtedAt,
        ...content,
      },
    ]
  })
}
