import type { Trusted } from './content.ts'
import type { Encoded } from './encoded.ts'
import type { KnownMessage } from './known.ts'

/** What a body that pulls asks for by its dialect's own verbs. A delivery is named by its id, or by its number. */
export type PullDeed =
  /** What waits for the caller's body, and for those below it that speak the dialect. Nothing is lent by it. */
  | {
      readonly kind: 'list'
      /** Actions that are asked for, and all that the dialect expresses: what is beyond them is reported and held for a person. */
      readonly actions: readonly string[]
      readonly expressed: readonly string[]
      /** Accepted at or after, and before, in ms. */
      readonly since?: number
      readonly before?: number
      /** The client knows deliveries by number. */
      readonly numbered?: boolean
    }
  | { readonly kind: 'get'; readonly deliveryId: string }
  /** `begun`: lent to the body for a while; the other two end the delivery. */
  | {
      readonly kind: 'ack'
      readonly deliveryId: string
      readonly outcome: 'begun' | 'delivered' | 'refused'
      readonly reason: string
      /** What its recipient says by it to others, submitted in its name once it has ended; the same however often it is said. */
      readonly report?: (confirmed: Confirmed) => Trusted | null
    }

/** A delivery that its recipient has ended, at a moment in ms. */
export interface Confirmed {
  readonly deliveryId: string
  readonly recipient: string
  readonly at: number
  readonly message: KnownMessage
}

/** A delivery that waits for its recipient's pull. Times in ms. */
export interface WaitingDelivery {
  readonly deliveryId: string
  /** Where they are asked for: below 2^53, and of this delivery alone for good. */
  readonly number?: number
  readonly messageId: string
  readonly sender: string
  readonly recipient: string
  readonly action: string
  readonly acceptedAt: number
  /** Its recipient has said that it is at it. */
  readonly isBegun: boolean
}

export type PullDone =
  | { readonly kind: 'list'; readonly waiting: readonly WaitingDelivery[] }
  | { readonly kind: 'get'; readonly encoded: Encoded }
  | { readonly kind: 'ack' }
