import type { Knex } from 'knex'
import { insertRows, readParts } from './database.ts'
import { asBuffer, toBytes, toHex, toUuid } from './ids.ts'
import { receiptOf } from './receipt-row.ts'
import type { Acceptance } from './store.ts'

interface NaturalRow {
  readonly natural_key: Uint8Array
  readonly message_id: Uint8Array
  readonly content_hash: Uint8Array
  readonly jws: string
}

/** What was accepted last under a natural key. */
export type Latest = Pick<Acceptance, 'contentHash' | 'receipt'> & { readonly messageId: string }

const keysOf = (batch: readonly Acceptance[]): readonly Uint8Array[] =>
  batch.flatMap(({ naturalKey }) => (naturalKey === null ? [] : [naturalKey]))

/** Keys in one order, each once: two batches that race for several take them alike. */
const inOrder = (keys: readonly Uint8Array[]): readonly Buffer[] => {
  const distinct = new Map(keys.map((key) => [toHex(key), asBuffer(key)]))
  return [...distinct.values()].sort((a, b) => Buffer.compare(a, b))
}

/**
 * Reads what the natural keys of a batch were last used for, by hex key, and locks their rows until the transaction ends. Of two that
 * begin the same key at once the second meets the first one's row when it writes, and its act is repeated.
 */
export async function readLatest(trx: Knex, batch: readonly Acceptance[]): Promise<Map<string, Latest>> {
  const keys = inOrder(keysOf(batch))
  if (keys.length === 0) return new Map()
  const locked = await readParts(
    keys,
    (part) =>
      trx('natural_key').whereIn('natural_key', part).orderBy('natural_key').forUpdate() as Promise<object[]>,
  )
  if (locked.length === 0) return new Map()
  const rows = await readParts(
    keys,
    (part) =>
      trx('natural_key')
        .join('receipt', 'receipt.id', 'natural_key.receipt_id')
        .whereIn('natural_key.natural_key', part)
        .select(
          'natural_key.natural_key',
          'natural_key.message_id',
          'natural_key.content_hash',
          'receipt.jws',
        ) as Promise<NaturalRow[]>,
  )
  return new Map(
    rows.map(({ natural_key, message_id, content_hash, jws }) => [
      toHex(natural_key),
      { messageId: toUuid(message_id), contentHash: content_hash, receipt: receiptOf(jws) },
    ]),
  )
}

/**
 * Makes the last of each natural key in a batch the one to compare with. `known`: the hex keys whose rows this transaction has read and
 * locked. Only those are replaced: a row that another has begun meanwhile must be met, not swept away.
 */
export async function writeNaturalKeys(
  trx: Knex,
  fresh: readonly Acceptance[],
  known: ReadonlySet<string>,
): Promise<void> {
  const last = new Map(
    fresh.map((acceptance) => [toHex(acceptance.naturalKey ?? Buffer.alloc(0)), acceptance]),
  )
  const keys = inOrder(keysOf(fresh))
  const replaced = keys.filter((key) => known.has(toHex(key)))
  await readParts(replaced, async (part) => {
    await trx('natural_key').whereIn('natural_key', part).delete()
    return []
  })
  const rows = keys.flatMap((key) => {
    const acceptance = last.get(toHex(key))
    if (acceptance === undefined) return []
    const { contentHash, message, receipt } = acceptance
    return [
      {
        natural_key: key,
        content_hash: asBuffer(contentHash),
        message_id: toBytes(message.id),
        receipt_id: toBytes(receipt.receipt.id),
        at: message.receivedAt,
      },
    ]
  })
  await insertRows(trx, 'natural_key', rows)
}
