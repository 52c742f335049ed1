import type { ErrorAnswer, GatewayError } from '../../schemas/errors.ts'
import type { Header, Payload } from '../../schemas/message.ts'
import type { SignedReceipt } from '../../schemas/receipt.ts'
import type { Found } from './known.ts'
import type { BodyPart } from './body-parts.ts'
import type { MessageState } from '../../schemas/state.ts'
import type { KnownCertificate } from '../../signing/open.ts'

/** A request as a door received it: header names in lower case, body as raw bytes. */
export interface DoorRequest {
  readonly method: string
  readonly path: string
  /** Path and query as they were received; `path` where absent. */
  readonly target?: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** The body as it comes, to be read once, where the door's row streams; `body` is then empty. */
  readonly stream?: AsyncIterable<Uint8Array>
}

/** Bytes that carry their sender's signature; intake opens them. */
export interface Sealed {
  readonly kind: 'sealed'
  readonly bytes: Uint8Array
}

/** Content whose sender was authenticated by the door, without a signature of its own; intake seals it with the hub's key. */
export interface Trusted {
  readonly kind: 'trusted'
  /** Without `sentAt` the moment of its arrival counts; without a reference one is drawn. */
  readonly header: Omit<Header, 'authenticatedBy' | 'sentAt' | 'senderRef'> & {
    readonly sentAt?: number
    readonly senderRef?: string
  }
  /**
   * What names its thing where the partner's messages have no reference, such as sender and MaHoSo: it is a repeat only if it
   * equals the last content accepted under these words.
   */
  readonly naturalKey?: readonly string[]
  /** Refused with `reference_conflict` where other content was accepted under its natural key before: a create of what exists. */
  readonly mustBeNew?: boolean
  /** With `mustBeNew`: the action that it has, instead of being refused, where its thing is known: partners that do not say which. */
  readonly elseAs?: string
  readonly payload: Payload
  /** What is to be told of it to those who see it, such as who has signed it. */
  readonly flags?: readonly string[]
  /** The exact bytes received. */
  readonly original: Uint8Array
}

/** What a dialect could not read; intake refuses it as it refuses any message, over its signature. */
export interface Unreadable {
  readonly kind: 'unreadable'
  readonly error: GatewayError
}

export type Content = Sealed | Trusted | Unreadable

/** What intake says of one message. Its state goes beyond `accepted` where the answer waited for more (`answerAfter`). */
export type IntakeResult =
  | {
      readonly kind: 'accepted' | 'repeat'
      readonly id: string
      /** Where it was asked for: below 2^53, and of this message alone for good. */
      readonly number?: number
      readonly state: MessageState
      readonly receipt: SignedReceipt
      /** What a recipient answered, where the request waits for that. */
      readonly answered?: string
    }
  | {
      readonly kind: 'refused'
      readonly error: ErrorAnswer
      readonly status: number
      readonly receipt: SignedReceipt | null
    }

/** An answer for a door to write. */
export interface DoorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** What follows the body where it is too large to be held. */
  readonly parts?: readonly BodyPart[]
  /** The body as it comes, to be read once; `body` is then empty. */
  readonly stream?: AsyncIterable<Uint8Array>
}

/** A file that was taken in: SHA-256 in hex, bytes, and the media type that its first bytes tell. */
export interface KeptFile {
  readonly id: string
  readonly digest: string
  readonly size: number
  readonly mediaType: string
}

/** Whose signatures count within what a body hands in. */
export interface Signers {
  /** The certificate that the registry holds under this SHA-256, in hex. */
  readonly ownerOf: (fingerprint: string) => KnownCertificate | undefined
  /** Whether a body may sign what is said to be another's: it stands above it, or hands it in. */
  readonly maySignFor: (signer: string, sender: string) => boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Where the files of a body's request go as they come, and are read again. */
export interface Keeping {
  /** Bytes of a request, and of all that is unpacked from it. */
  readonly maxBytes: number
  /** Throws `too_large`. */
  keep(bytes: AsyncIterable<Uint8Array>): Promise<KeptFile>
  read(id: string): Promise<AsyncIterable<Uint8Array>>
  readonly signers: Signers
}

/** A request with what `take` has read of its body, where its row streams. */
export type TakenRequest<T = unknown> = DoorRequest & {
  readonly taken?: T | undefined
  /** What its door `refers` to. */
  readonly found?: readonly Found[] | undefined
  /** When it came, ms. */
  readonly at?: number
}

/** A body that comes in, of at most `keeping.maxBytes`, with where its files go. */
export interface Incoming {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly keeping: Keeping
}
