import type { Agency } from '../../schemas/agency.ts'
import type { Numbering } from '../../schemas/dossier-code.ts'
import type { GatewayError } from '../../schemas/errors.ts'
import type { AnswerAfter } from './answer-after.ts'
import type { AskDeed, AskDone, InboxDeed, InboxDone } from './ask.ts'
import type { Content, DoorAnswer, DoorRequest, Incoming, IntakeResult, TakenRequest } from './content.ts'
import type { DoorRow } from './door-row.ts'
import type { FileDeed, FileDone } from './file-deed.ts'
import type { Found, Wanted } from './known.ts'
import type { MoneyDeed, MoneyDone } from './money.ts'
import type { PullDeed, PullDone } from './pull.ts'
import type { TracesDeed, TracesDone } from './traces.ts'

export type { DoorRow } from './door-row.ts'
export type { Found, KnownBody, KnownMessage, Refusal, SentMessage, Wanted } from './known.ts'

/**
 * How a request shows who sends it. `credential`: as at the gateway's own doors. `session`: a token that `login` gave; an account
 * `beside` it, where a dialect asks for both, must be of the same body.
 * `account`: a name with a proof over the request, such as a MAC; `isProvedBy` is given the account's secrets that hold, newest
 * first, and the options of its body in this dialect, and compares in constant time. `nobody`: the deed itself shows it, or asks for nobody.
 */
export type Claim =
  | { readonly kind: 'credential' }
  | { readonly kind: 'session'; readonly token: string; readonly beside?: AccountClaim }
  | AccountClaim
  | { readonly kind: 'nobody' }

export interface AccountClaim {
  readonly kind: 'account'
  readonly account: string
  readonly isProvedBy: (secrets: readonly string[], options: Agency['options']) => boolean
}

/** What a request asks the gateway to do. One request asks for one thing; a submit may hold many messages. */
export type Deed =
  /** `whole`: all or nothing. Else each message is taken or refused by itself, in order. */
  | {
      readonly kind: 'submit'
      readonly contents: readonly Content[]
      readonly whole: boolean
      /** What the answer waits for; `accepted` where absent. A refusal by a recipient meanwhile is a refused result. */
      readonly answerAfter?: AnswerAfter
      /** The word under which a recipient's answer to a message is remembered (`Notes`, with the message's id): the wait ends with the first. */
      readonly answered?: string
      /** The client knows messages by number. */
      readonly numbered?: boolean
    }
  | MoneyDeed
  | { readonly kind: 'login'; readonly account: string; readonly secret: string }
  | { readonly kind: 'lookup'; readonly wanted: Wanted }
  | PullDeed
  /** The next number for a dossier of a body, the caller's own where it is null. */
  | { readonly kind: 'number'; readonly body: string | null; readonly numbering: Numbering }
  | AskDeed
  | InboxDeed
  | TracesDeed
  | FileDeed
  | { readonly kind: 'nothing' }

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
  | AskDone
  | InboxDone
  | TracesDone
  | FileDone
  | { readonly kind: 'nothing' }

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
  /** What must be looked up before a request can be read: it is the request's `found`. Throws GatewayError. */
  refers?(request: TakenRequest<T>, guest: Guest<O> | null): readonly Wanted[]
  /** `guest` is null where the claim is `nobody`; to `write`, a login has made one. Throws GatewayError where the request cannot be read. */
  read(request: TakenRequest<T>, guest: Guest<O> | null): Deed
  /** What is done next with what was done; its outcome is then written in the place of the first. */
  follow?(done: Done, request: TakenRequest<T>, guest: Guest<O> | null): Deed | null
  write(done: Done, request: TakenRequest<T>, guest: Guest<O> | null): DoorAnswer
  /** Any refusal and any fault, in the form that this dialect's clients understand; `guest` is null where nobody is known yet. */
  fail(error: GatewayError, request: DoorRequest, guest: Guest<O> | null): DoorAnswer
}
