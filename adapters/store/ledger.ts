import type { Knex } from 'knex'
import { readParts } from './database.ts'
import type { DeliveryRow } from './delivery-row.ts'
import { asBuffer, toBytes, toHex, toUuid } from './ids.ts'
import { receiptOf } from './receipt-row.ts'
import { readLatest, type Latest } from './natural-key.ts'
import type { Acceptance, AcceptResult } from './store.ts'

type Repeat = Extract<AcceptResult, { kind: 'repeat' | 'conflict' }>

interface LedgerRow {
  readonly reference_key: Uint8Array
  readonly message_id: Uint8Array
  readonly content_hash: Uint8Array
  readonly jws: string
}

const entryOf = (row: LedgerRow): Latest => ({
  messageId: toUuid(row.message_id),
  contentHash: row.content_hash,
  receipt: receiptOf(row.jws),
})

const keyOf = ({ referenceKey }: Acceptance): string => toHex(referenceKey)

/** A batch settled against the ledger and within itself: the fresh ones, and what each repeats. */
export interface Settled<A extends Acceptance> {
  readonly fresh: readonly A[]
  /** `null` where the acceptance itself is fresh. */
  readonly repeats: readonly (Repeat | null)[]
  /** Natural keys, in hex, that were used before this batch. */
  readonly known: ReadonlySet<string>
}

const isSame = (acceptance: Acceptance, { contentHash }: Latest): boolean =>
  toHex(acceptance.contentHash) === toHex(contentHash)

/** A reference belongs to one content for ever. */
function againstReference(acceptance: Acceptance, entry: Latest): Repeat {
  const { messageId, receipt } = entry
  return { kind: isSame(acceptance, entry) ? 'repeat' : 'conflict', messageId, receipt, states: [] }
}

/** Under a natural key only the last content counts. */
function againstLatest(acceptance: Acceptance, latest: Latest | undefined): Repeat | null {
  if (latest === undefined) return null
  const { messageId, receipt } = latest
  if (isSame(acceptance, latest)) return { kind: 'repeat', messageId, receipt, states: [] }
  return acceptance.mustBeNew ? { kind: 'conflict', messageId, receipt, states: [] } : null
}

async function readLedger(trx: Knex, batch: readonly Acceptance[]): Promise<Map<string, Latest>> {
  const keys = batch.map(({ referenceKey }) => referenceKey)
  const rows = await readParts(
    keys,
    (part) =>
      trx('reference')
        .join('receipt', 'receipt.id', 'reference.receipt_id')
        .whereIn('reference.reference_key', part.map(asBuffer))
        .select(
          'reference.reference_key',
          'reference.message_id',
          'reference.content_hash',
          'receipt.jws',
        ) as Promise<LedgerRow[]>,
  )
  return new Map(rows.map((row) => [toHex(row.reference_key), entryOf(row)]))
}

/** Finds the repeats of a batch. The first of each reference in the batch wins; the others are compared with it. */
export async function settleRepeats<A extends Acceptance>(
  trx: Knex,
  batch: readonly A[],
): Promise<Settled<A>> {
  const entries = await readLedger(trx, batch)
  const latest = await readLatest(trx, batch)
  const known = new Set(latest.keys())
  const fresh: A[] = []
  const repeats = batch.map((acceptance) => {
    const entry = entries.get(keyOf(acceptance))
    if (entry !== undefined) return againstReference(acceptance, entry)
    const natural = acceptance.naturalKey === null ? '' : toHex(acceptance.naturalKey)
    const repeat = againstLatest(acceptance, natural === '' ? undefined : latest.get(natural))
    if (repeat !== null) return repeat
    fresh.push(acceptance)
    const { message, contentHash, receipt } = acceptance
    const own = { messageId: message.id, contentHash, receipt }
    entries.set(keyOf(acceptance), own)
    if (natural !== '') latest.set(natural, own)
    return null
  })
  return { fresh, repeats: await withStates(trx, repeats), known }
}

/** Only a repeat asks how its message stands: what is fresh pays nothing for it. */
async function withStates(
  trx: Knex,
  repeats: readonly (Repeat | null)[],
): Promise<readonly (Repeat | null)[]> {
  const ids = new Set(repeats.flatMap((repeat) => repeat?.messageId ?? []))
  const rows = await readParts([...ids].map(toBytes), (part) =>
    trx<DeliveryRow>('delivery').whereIn('message_id', part).select('message_id', 'state'),
  )
  return repeats.map((repeat) => {
    if (repeat === null) return null
    const own = rows.filter(({ message_id }) => toUuid(message_id) === repeat.messageId)
    return { ...repeat, states: own.map(({ state }) => state) }
  })
}
