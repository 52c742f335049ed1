import type { DeliveryState, Payload } from '../../schemas/message.ts'
import type { PaymentsFound, PaymentWanted } from './payments-found.ts'

/** What is looked up here, without asking anybody else. */
export type Wanted =
  /** The last known content of a subject: its newest message of each of these actions. */
  | { readonly of: 'subject'; readonly subjectKey: string; readonly actions: readonly string[] }
  /** The rows of a shared catalogue as they stand, or one of them. */
  | { readonly of: 'catalog'; readonly catalog: string; readonly code?: string }
  | PaymentWanted
  /** What the caller's body, and those below it, received of an action, in the order in which it was listed, after a mark. */
  | { readonly of: 'received'; readonly action: string; readonly after: string | null; readonly max: number }
  /** What the caller's body, and those below it, sent of these actions: one message, or the newest from `since` until `before` (ms). */
  | {
      readonly of: 'sent'
      readonly actions: readonly string[]
      readonly messageId?: string
      readonly subjectKey?: string
      readonly since?: number
      readonly before?: number
    }
  | ({ readonly of: 'letter' } & LetterWanted)
  /** The bodies that the caller's may exchange with, retired ones too. */
  | { readonly of: 'bodies' }

/** A letter of which the caller's body, or one below it, is a party, by the directory's codes and its code, `number/notation`. */
export interface LetterWanted {
  readonly sender: string
  readonly recipient: string
  readonly code: string
}

/** A message that was found, with when it came (ms). */
export interface KnownMessage {
  readonly id: string
  readonly action: string
  readonly sender: string
  readonly receivedAt: number
  readonly payload: Payload
  /** Its recipients' refusals, oldest first. */
  readonly refusals: readonly Refusal[]
}

/** A recipient's refusal of a message. */
export interface Refusal {
  readonly recipient: string
  readonly code: string
  readonly reason: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A message of the caller's with what became of it at each recipient. */
export interface SentMessage extends KnownMessage {
  readonly deliveries: readonly {
    readonly id: string
    readonly recipient: string
    readonly state: DeliveryState
    /** Milliseconds since 1970; null while it is not over. */
    readonly settledAt: number | null
  }[]
}

/** A body of the directory. */
export interface KnownBody {
  readonly code: string
  readonly name: string
  /** Code of the body above; null at the top. */
  readonly parent: string | null
  readonly isRetired: boolean
  /** Whether the caller stands for it. */
  readonly isOwn: boolean
}

export type Found =
  | { readonly of: 'subject'; readonly messages: readonly KnownMessage[] }
  | { readonly of: 'catalog'; readonly rows: readonly { readonly code: string; readonly body: Payload }[] }
  | PaymentsFound<KnownMessage>
  | { readonly of: 'sent'; readonly messages: readonly SentMessage[] }
  /** `mark` is where the next look goes on. */
  | { readonly of: 'received'; readonly messages: readonly KnownMessage[]; readonly mark: string }
  | { readonly of: 'letter'; readonly isKnown: boolean }
  | { readonly of: 'bodies'; readonly bodies: readonly KnownBody[]; readonly version: number }
