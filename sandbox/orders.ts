import type { Payload } from '../schemas/message.ts'
import type { Fault } from './samples.ts'

/** A message that a party is to send. */
export interface SendOrder {
  /** Name of its sample. */
  readonly sample: string
  readonly action: string
  readonly senderRef: string
  readonly recipients: readonly string[]
  readonly payload: Payload
  readonly encrypt: boolean
  readonly refToMessageId?: string
  readonly expiresInSeconds?: number
  readonly fault?: Fault
}

/** What a party does when a message with this reference reaches it. */
export interface Reaction {
  /** Its answer by the code of the body that the message is for. */
  readonly answer?: { readonly outcome: 'refused'; readonly reason: string }
  readonly replies: readonly SendOrder[]
}

/** What the sandbox tells a party. */
export type Order =
  | { readonly do: 'send'; readonly order: SendOrder }
  | { readonly do: 'react'; readonly reactions: Readonly<Record<string, Reaction>> }
  /** Reads a public catalogue from the beginning. */
  | { readonly do: 'catalog'; readonly catalog: string }
  | { readonly do: 'stop' }

/** What became of a message that a party sent. */
export interface Sent {
  readonly say: 'sent'
  readonly sample: string
  readonly action: string
  readonly outcome: 'accepted' | 'repeat' | 'refused'
  /** Id of the message; empty when it was refused. */
  readonly id: string
  readonly code: string | null
  readonly field: string | null
  readonly reason: string | null
  /** The signed receipt as it came; null where none was given. */
  readonly receiptJws: string | null
  readonly receiptVerified: boolean
  /** Hex SHA-256 of the payload that was sent. */
  readonly payloadDigest: string
}

/** What a party received, once opened; `fresh` is false for a repeat of the same delivery. */
export interface Received {
  readonly say: 'received'
  readonly deliveryId: string
  readonly messageId: string
  readonly sender: string
  readonly senderRef: string
  readonly fresh: boolean
  readonly payloadDigest: string
}

/** What a party read in a public catalogue. */
export interface CatalogRead {
  readonly say: 'catalog'
  readonly catalog: string
  readonly changes: readonly { readonly code: string; readonly op: string; readonly at: number }[]
}

/** What a party tells the sandbox. */
export type Report =
  | { readonly say: 'ready' }
  | { readonly say: 'failed'; readonly what: string; readonly reason: string }
  | { readonly say: 'unreadable'; readonly deliveryId: string; readonly reason: string }
  | Sent
  | Received
  | CatalogRead
