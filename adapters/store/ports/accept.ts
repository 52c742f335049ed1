import type { MoneyFact } from '../../../schemas/money-fact.ts'
import type { DeliveryState, Json, Message } from '../../../schemas/message.ts'
import type { SignedReceipt } from '../../../schemas/receipt.ts'

/** A delivery to be made, in the order of its lane. `lease` asks for the row to be born leased, so that it can be published after the commit. */
export interface NewDelivery {
  readonly id: string
  readonly recipient: string
  /** 0 = first; the sender's pace may make it bulk. */
  readonly priority: number
  readonly lease: { readonly owner: string; readonly until: number } | null
}

/** A row of a public catalogue, numbered by the store under a locked head. */
export interface NewCatalogChange {
  readonly catalog: string
  readonly code: string
  readonly op: 'upsert' | 'remove'
  readonly body: Json
}

/** Everything that is committed before the sender gets its receipt. */
export interface Acceptance {
  readonly message: Message
  /** SHA-256 of (sender, senderRef): the key of the idempotency ledger. */
  readonly referenceKey: Uint8Array
  /**
   * SHA-256 of what names its thing, such as (sender, MaHoSo), where the partner's messages have no reference of their own: the same
   * content as the last one accepted under it is a repeat, a return to older content is new. Null = the reference alone counts.
   */
  readonly naturalKey: Uint8Array | null
  /** Whether other content under its natural key is a conflict rather than what came before. */
  readonly mustBeNew: boolean
  /** SHA-256 of the canonical content. */
  readonly contentHash: Uint8Array
  /** The sender's signed envelope (or the received bytes); encrypted by the store. */
  readonly original: Uint8Array
  /** SHA-256 of exactly what came over the wire. */
  readonly receivedDigest: Uint8Array
  readonly receipt: SignedReceipt
  readonly deliveries: readonly NewDelivery[]
  readonly catalogChanges: readonly NewCatalogChange[]
  /** What it says of money, for the ledger of payments. */
  readonly facts: readonly MoneyFact[]
  /** Ids of the files that the payload refers to. Throws `invalid_field` where one is gone by the time of the commit. */
  readonly files: readonly string[]
}

/** What a reference, or a natural key, was used for before. */
interface KnownReference {
  readonly messageId: string
  readonly receipt: SignedReceipt
  /** How its deliveries stand; none where it came in the same batch. */
  readonly states: readonly DeliveryState[]
}

export type AcceptResult =
  /** `leased`: the deliveries born leased, to be published now. */
  | {
      readonly kind: 'accepted'
      readonly leased: readonly { readonly id: string; readonly agency: string }[]
    }
  | (KnownReference & { readonly kind: 'repeat' })
  /** Its sender is being drained: nothing was written. */
  | { readonly kind: 'draining'; readonly reason: string | null }
  | (KnownReference & { readonly kind: 'conflict' })
