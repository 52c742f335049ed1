import type { NewRow } from './database.ts'
import { asBuffer, toBytes } from './ids.ts'
import { headerRow } from './message-row.ts'
import type { Acceptance } from './store.ts'

/** The row of an accepted message. */
export const messageRow = ({
  message,
  contentHash,
  receivedDigest,
  original,
  receipt,
}: Acceptance): NewRow => ({
  ...headerRow(message),
  content_hash: asBuffer(contentHash),
  received_digest: asBuffer(receivedDigest),
  original_digest: Buffer.from(receipt.receipt.originalDigest, 'hex'),
  size: original.byteLength,
})

const referenceRow = ({ referenceKey, message, contentHash, receipt }: Acceptance): NewRow => ({
  reference_key: asBuffer(referenceKey),
  message_id: toBytes(message.id),
  content_hash: asBuffer(contentHash),
  receipt_id: toBytes(receipt.receipt.id),
})

/** Two batches that race for several references take them in one order. */
export const referenceRows = (fresh: readonly Acceptance[]): NewRow[] =>
  [...fresh].sort((a, b) => Buffer.compare(a.referenceKey, b.referenceKey)).map(referenceRow)
