import type { DeliveryState, Json, Message } from '../../../schemas/message.ts'
import type { Receipt } from '../../../schemas/receipt.ts'

/** A row of a shared catalogue as it stands. */
export interface CatalogRow {
  readonly code: string
  readonly body: Json
  /** Of its last change, in ms. */
  readonly at: number
}

/** Which messages of some senders are asked for: one, or the newest of a time. */
export interface SentQuery {
  readonly senders: readonly string[]
  readonly actions: readonly string[]
  readonly messageId?: string | undefined
  readonly subjectKey?: string | undefined
  /** Received at or after, and before, in ms. */
  readonly since?: number | undefined
  readonly before?: number | undefined
}

export interface SentRow {
  readonly message: Message
  readonly deliveries: readonly {
    readonly id: string
    readonly recipient: string
    readonly state: DeliveryState
    readonly settledAt: number | null
  }[]
}

/** What is known of a thing, read when it is asked for: nothing is kept beside the messages. */
export interface LookupStore {
  /** The newest message of each of these actions about a subject, newest first. Only messages that have a recipient count. */
  latestMessages(
    subjectKey: string,
    actions: readonly string[],
  ): Promise<readonly { readonly message: Message }[]>
  /** Newest first, 200 at most. */
  sentBy(query: SentQuery): Promise<readonly SentRow[]>
  /** What recipients have said in refusing messages, oldest first; result i belongs to messageIds[i]. */
  refusalsOf(messageIds: readonly string[]): Promise<readonly (readonly Receipt[])[]>
  /** A message with its payload. */
  readMessage(id: string): Promise<Message | null>
  /** The newest messages of these actions for these recipients, oldest first. Times in ms: accepted at or after `since`, and before `before`. */
  receivedMessages(
    recipients: readonly string[],
    asked: {
      readonly actions: readonly string[]
      readonly subjectKey?: string | undefined
      readonly since?: number | undefined
      readonly before?: number | undefined
      readonly limit: number
    },
  ): Promise<readonly Message[]>
  /** What was accepted last under a natural key. */
  latestUnder(
    naturalKey: Uint8Array,
  ): Promise<{ readonly messageId: string; readonly contentHash: Uint8Array } | null>
  /** The rows of a catalogue that were not removed, by code; all of them, or the one of this code. */
  catalogRows(catalog: string, code: string | null): Promise<readonly CatalogRow[]>
}
