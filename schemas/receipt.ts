/** What a receipt can say. `refusal` = turned away at the door; `refused` = the recipient's own answer. */
export const receiptKinds = [
  'accepted',
  'delivered',
  'processed',
  'refused',
  'expired',
  'skipped',
  'dead',
  'refusal',
] as const
export type ReceiptKind = (typeof receiptKinds)[number]

/** The signed statement. Times are milliseconds since 1970. */
export interface Receipt {
  readonly id: string
  readonly kind: ReceiptKind
  /** Code of the gateway instance that signs. */
  readonly issuer: string
  readonly messageId: string
  readonly sender: string
  readonly senderRef: string
  readonly action: string
  /** Hex SHA-256 of the canonical content: payload, action, recipients, subjectKey. */
  readonly contentDigest: string
  /** Hex SHA-256 of the sender's signed envelope (or of what was received), as stored. */
  readonly originalDigest: string
  readonly at: number
  /** The delivery's recipient and id; absent on `accepted` and `refusal`. */
  readonly recipient?: string
  readonly deliveryId?: string
  /** Hex SHA-256 of the sealed bytes that were handed to the recipient. */
  readonly sealedDigest?: string
  /** The error code and reason of a refusal, an expiry or a death. */
  readonly code?: string
  readonly reason?: string
}

/** A receipt with its signature: a compact JWS (RFC 7515) whose payload is the receipt as JSON. */
export interface SignedReceipt {
  readonly receipt: Receipt
  readonly jws: string
}
