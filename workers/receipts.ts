import type { Message } from '../schemas/message.ts'
import type { Receipt, ReceiptKind, SignedReceipt } from '../schemas/receipt.ts'
import type { SigningKey } from '../signing/keys.ts'
import { newId } from '../signing/new-id.ts'
import { signReceipt } from '../signing/receipt.ts'

/** The gateway itself: its code and the keys it signs and opens with. */
export interface Issuer {
  readonly code: string
  readonly receiptKey: SigningKey
}

/** The digests that tie a receipt to one content. */
export interface Digests {
  readonly contentHash: Uint8Array
  readonly originalDigest: Uint8Array
}

type Extra = Partial<Pick<Receipt, 'recipient' | 'deliveryId' | 'sealedDigest' | 'code' | 'reason'>>

/** States, over the gateway's signature, what happened to a message at `at` (ms). */
export function issueReceipt(
  issuer: Issuer,
  kind: ReceiptKind,
  { message, digests, at, extra = {} }: { message: Message; digests: Digests; at: number; extra?: Extra },
): Promise<SignedReceipt> {
  const receipt: Receipt = {
    id: newId(),
    kind,
    issuer: issuer.code,
    messageId: message.id,
    sender: message.sender,
    senderRef: message.senderRef,
    action: message.action,
    contentDigest: hex(digests.contentHash),
    originalDigest: hex(digests.originalDigest),
    at,
    ...extra,
  }
  return signReceipt(receipt, issuer.receiptKey)
}

/** Bytes as a receipt writes them. */
export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
