import type { Agency } from '../../schemas/agency.ts'
import type { Numbering } from '../../schemas/dossier-code.ts'
import type { GatewayError } from '../../schemas/errors.ts'
import type { DeliveryState, Payload } from '../../schemas/message.ts'
import type { AnswerAfter } from './answer-after.ts'
import type { Question } from './ask.ts'
import type { Content, DoorAnswer, DoorRequest, Incoming, IntakeResult, TakenRequest } from './content.ts'
import type { DoorRow } from './door-row.ts'
import type { MoneyDeed, MoneyDone, PaymentsFound, PaymentWanted } from './money.ts'
import type { PullDeed, PullDone } from './pull.ts'

export type { DoorRow } from './door-row.ts'

/**
 * How a request shows who sends it. `credential`: as at the gateway's own doors. `session`: a token that `login` gave.
 * `account`: a name with a proof over the request, such as a MAC; `isProvedBy` is given the account's secrets that hold, newest
 * first, and the options of its body in this dialect, and compares in constant time. `nobody`: the deed itself shows it, or asks for nobody.
 */
export type Claim =
  | { readonly kind: 'credential' }
  | { readonly kind: 'session'; readonly token: string }
  | {
      readonly kind: 'account'
      readonly account: string
      readonly isProvedBy: (secrets: readonly string[], options: Agency['options']) => boolean
    }
  | { readonly kind: 'nobody' }

/** What is looked up here, without asking anybody else. */
export type Wanted =
  /** The last known content of a subject: its newest message of each of these actions. */
  | { readonly of: 'subject'; readonly subjectKey: string; readonly actions: readonly string[] }
  /** The rows of a shared catalogue as they stand, or one of them. */
  | { readonly of: 'catalog'; readonly catalog: string; readonly code?: string }
  | PaymentWanted
  /** What the caller's body, and those below it, sent of these actions: one message, or the newest from `since` until `before` (ms). */
  | {
      readonly of: 'sent'
      readonly actions: readonly string[]
      readonly messageId?: string
      readonly since?: number
      readonly before?: number
    }
  /** The bodies that the caller's may exchange with, retired ones too. */
  | { readonly of: 'bodies' }

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
  | { readonly of: 'bodies'; readonly bodies: readonly KnownBody[]; readonly version: number }

/** What a request asks the gateway to do. One request asks for one thing; a submit may hold many messages. */
export type Deed =
  /** `whole`: all or nothing. Else each message is taken or refused by itself, in order. */
  | {
      readonly kind: 'submit'
      readonly contents: readonly Content[]
      readonly whole: boolean
      /** What the answer waits for; `accepted` where absent. A refusal by a recipient meanwhile is a refused result. */
      readonly answerAfter?: AnswerAfter
    }
  | MoneyDeed
  | { readonly kind: 'login'; readonly account: string; readonly secret: string }
  | { readonly kind: 'lookup'; readonly wanted: Wanted }
  | PullDeed
  /** The next number for a dossier of a body, the caller's own where it is null. */
  | { readonly kind: 'number'; readonly body: string | null; readonly numbering: Numbering }
  /** Files as they come: each is read to its end, or given up, before the next is asked for. */
  | { readonly kind: 'upload'; readonly files: AsyncIterable<AsyncIterable<Uint8Array>> }
  | AskDeed
  | InboxDeed
  | { readonly kind: 'nothing' }

/** A file that was taken in: its id, and its SHA-256 in hex. */
export interface UploadedFile {
  readonly id: string
  readonly digest: string
}

/** What the caller's body has received, whole and again each time; of `expressed` and the bounds as in `PullDeed`. */
export interface InboxDeed {
  readonly kind: 'inbox'
  readonly actions: readonly string[]
  readonly expressed: readonly string[]
  readonly since?: number
  readonly before?: number
}

/**
 * Asks a body now, for at most 5 s: the owner of the dossier, or the portal core. Where it does not answer, `wanted` is looked up here;
 * null = the deed then fails with `unavailable`.
 */
export interface AskDeed {
  readonly kind: 'ask'
  readonly question: Question
  readonly whom: 'dossier-owner' | 'portal-core'
  readonly wanted: Wanted | null
}

/** What became of a deed, for the dialect to put into its own words. */
export type Done =
  | {
      readonly kind: 'submit'
      readonly results: readonly IntakeResult[]
      /** Where a whole batch was refused: the place of the message that was at fault. */
      readonly refusedAt: number | null
    }
  | MoneyDone
  | {
      readonly kind: 'login'
      /** The body whose account it is. */
      readonly agency: string
      readonly session: string
      readonly expiresInSeconds: number
    }
  | { readonly kind: 'lookup'; readonly found: Found }
  | PullDone
  | { readonly kind: 'number'; readonly code: string }
  | { readonly kind: 'upload'; readonly files: readonly UploadedFile[] }
  | AskDone
  /** Oldest first. */
  | { readonly kind: 'inbox'; readonly messages: readonly KnownMessage[] }
  | { readonly kind: 'nothing' }

/** The rows that the asked body gave, or what is known here in their place. */
export type AskDone = { readonly kind: 'ask' } & (
  | { readonly from: 'body'; readonly rows: readonly Payload[] }
  /** `ageMs` of the newest message found; null where nothing says how old it is. */
  | { readonly from: 'here'; readonly found: Found; readonly ageMs: number | null }
)

/** A caller of a door: its body, and the body's options of this dialect, as the dialect's schema has read them. */
export interface Guest<O = unknown> {
  readonly agency: Agency
  readonly options: O
  /** Values that hold now of the account that it came by, newest first; absent where it came by no account. */
  readonly secrets?: readonly string[]
}

/**
 * The door that clients of a dialect call, where it is not one of the gateway's own. Pure: it reads a request as a deed and writes
 * what became of it, errors too, in the dialect's own form. Only `take` does I/O, through what it is given.
 */
export interface DialectDoor<O = unknown, T = unknown> {
  readonly rows: readonly DoorRow[]
  /** Throws GatewayError, which `fail` then writes. */
  claim(request: DoorRequest): Claim
  /** Reads a streamed body, once its caller is known; what it answers is the request's `taken`. Throws GatewayError. */
  take?(incoming: Incoming, request: DoorRequest, guest: Guest<O> | null): Promise<T>
  /** `guest` is null where the claim is `nobody`; to `write`, a login has made one. Throws GatewayError where the request cannot be read. */
  read(request: TakenRequest<T>, guest: Guest<O> | null): Deed
  write(done: Done, request: TakenRequest<T>, guest: Guest<O> | null): DoorAnswer
  /** Any refusal and any fault, in the form that this dialect's clients understand. */
  fail(error: GatewayError, request: DoorRequest): DoorAnswer
}
