import type { Encoded } from './encoded.ts'

/** What a body that pulls asks for by its dialect's own verbs. A delivery is named by its id. */
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
    }
  | { readonly kind: 'get'; readonly deliveryId: string }
  /** `begun`: lent to the body for a while; the other two end the delivery. */
  | {
      readonly kind: 'ack'
      readonly deliveryId: string
      readonly outcome: 'begun' | 'delivered' | 'refused'
      readonly reason: string
    }

/** A delivery that waits for its recipient's pull. Times in ms. */
export interface WaitingDelivery {
  readonly deliveryId: string
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
