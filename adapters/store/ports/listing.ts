import type { DeliveryState, Message } from '../../../schemas/message.ts'
import type { SignedReceipt } from '../../../schemas/receipt.ts'

/** A place in a list, opaque to callers: what comes after it was listed later. */
export type Cursor = string

/** Whose rows: those of these bodies, or of all. */
export type Whose = readonly string[] | 'all'

export interface MessageQuery {
  readonly whose: Whose
  /** What these bodies sent, or received; both where absent. */
  readonly direction?: 'sent' | 'received' | undefined
  readonly subjectKey?: string | undefined
  readonly family?: string | undefined
  readonly action?: string | undefined
  readonly state?: DeliveryState | 'accepted' | undefined
  readonly since?: Cursor | undefined
  /** At most 200. */
  readonly max: number
}

export interface ListPage<T> {
  readonly items: readonly T[]
  /** Where more may be found at once, also after a page that is not full; null at the end. */
  readonly next: Cursor | null
  /** Where to go on when something new has come. */
  readonly cursor: Cursor
}

export interface ListedMessage {
  readonly message: Omit<Message, 'payload'>
  readonly deliveries: readonly { readonly recipient: string; readonly state: DeliveryState }[]
}

/** Lists that miss nothing: whatever is committed after a page was read comes after its cursor. */
export interface ListingStore {
  listMessages(query: MessageQuery): Promise<ListPage<ListedMessage>>
  /** Signed refusals, at the door and by recipients, by the body that had sent. */
  listRefusals(query: Pick<MessageQuery, 'whose' | 'since' | 'max'>): Promise<ListPage<SignedReceipt>>
  findReceipt(id: string): Promise<SignedReceipt | null>
  /** The signed envelope of a message, decrypted. */
  findOriginal(messageId: string): Promise<Uint8Array | null>
}
