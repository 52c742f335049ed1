import type { z } from 'zod'
import type { KeyObject } from 'node:crypto'
import type { Agency } from '../../schemas/agency.ts'
import type { Message } from '../../schemas/message.ts'
import type { Outcome } from '../../schemas/outcome.ts'
import type { Said } from '../../schemas/said.ts'

import type { Content, DoorAnswer, DoorRequest, IntakeResult } from './content.ts'
import type { DialectDoor } from './door.ts'

export type { DoorRequest, Sealed, Trusted, Content, IntakeResult, DoorAnswer } from './content.ts'

/** What a dialect's path and method mean to the gateway. */
export type Verb = 'submit' | 'query' | 'login' | 'list' | 'get' | 'ack' | 'upload'

/** One row of a dialect's table of verbs. `path` is an express path pattern. */
export interface VerbRow {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly verb: Verb
  /** Content types that this row reads; several dialects may share a path. */
  readonly contentTypes?: readonly string[]
  readonly summary: Said
  /** Shape of the body it reads, for the API's description; absent = the gateway's own form of the verb, or bytes. */
  readonly request?: z.ZodType
  /** Headers that it reads, for the API's description. */
  readonly headers?: z.ZodType
  /** Shapes of what it answers, by status, in JSON; absent = the gateway's own form of the verb. */
  readonly answers?: Readonly<Record<number, z.ZodType>>
}

/** A message in the recipient's own form. `seal` asks `workers/deliver` for the axis seal over the sender's envelope. */
export interface Encoded {
  readonly kind: 'encoded'
  readonly seal: 'axis' | 'none'
  readonly contentType: string
  /** The body to send; empty when `seal` is `axis`: the sealed envelope becomes the body. */
  readonly body: Uint8Array
  readonly headers: Readonly<Record<string, string>>
}

/** The dialect cannot express this message; reported, never dropped. */
export interface Unsupported {
  readonly kind: 'unsupported'
  readonly reason: string
}

/** An answer over the network, read whole within the limits of the call. */
export interface TransportAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Why a call gave no answer. `unsent`: nothing reached the other side; `ambiguous`: it may have; `configuration`: TLS or a refused address. */
export interface TransportFailure {
  readonly failure: 'unsent' | 'ambiguous' | 'configuration'
  readonly code: string
  readonly reason: string
}

/**
 * The one way out. Follows no redirect; bounded in time and size; never throws for what the other side does. Mail goes to `smtps:` or
 * `smtp:`: the headers are those of the mail, the body its text, and the answer has the HTTP status that means the same.
 */
export interface Transport {
  post(call: {
    /** POST unless given. */
    readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: Uint8Array
    readonly timeoutMs: number
    readonly maxAnswerBytes: number
  }): Promise<TransportAnswer | TransportFailure>
}

/** Credentials of one agency that a dialect may use for its own marks; never the axis seal. */
export interface AgencyKeys {
  /** Every value of a secret that holds now, newest first: two or more while it is changed. */
  readonly secrets: (name: string) => readonly string[]
  readonly privateKey: (name: string) => KeyObject | undefined
}

/** What goes out: the encoded message (sealed where asked) with the ids by which the recipient tells repeats apart. */
export interface Parcel {
  readonly message: Message
  readonly deliveryId: string
  readonly encoded: Encoded
}

/**
 * How one kind of partner speaks. A dialect is code, an agency is data. Everything but `send` is pure.
 * `push`: the gateway calls the recipient; `pull`: the recipient fetches, so `send` is never called.
 */
export interface Dialect {
  readonly name: string
  readonly mode: 'push' | 'pull'
  /** True when the recipient tells repeats apart by the ids sent: an ambiguous send is then repeated, else in doubt. */
  readonly repeatable: boolean
  /** Shape of `agency.options`. */
  readonly options: z.ZodType
  /** Secrets that it uses, by name, with the shape of a value. */
  readonly secrets?: Readonly<Record<string, z.ZodType<string>>>
  /** Where deliveries of a body go, for a test of its connection; absent where the body pulls. */
  readonly address?: (agency: Agency) => string
  readonly verbs: readonly VerbRow[]
  /** Where its clients call, if not at the gateway's own doors. */
  readonly door?: DialectDoor
  /** Reads the messages of a submit. Throws GatewayError where not one can be read. */
  decode(request: DoorRequest, agency: Agency): readonly Content[]
  /** Writes the answer to a submit, one result per decoded message. */
  answer(results: readonly IntakeResult[], request: DoorRequest): DoorAnswer
  encode(message: Message, agency: Agency): Encoded | Unsupported
  send(parcel: Parcel, agency: Agency, transport: Transport, keys: AgencyKeys): Promise<Outcome>
}
