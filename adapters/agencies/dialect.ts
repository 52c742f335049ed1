import type { z } from 'zod'
import type { Agency } from '../../schemas/agency.ts'
import type { Message } from '../../schemas/message.ts'
import type { Outcome } from '../../schemas/outcome.ts'
import type { Said } from '../../schemas/said.ts'

import type { Arrivals } from './arrivals.ts'
import type { Ask } from './ask.ts'
import type { BodyPart } from './body-parts.ts'
import type { Content, DoorAnswer, DoorRequest, IntakeResult } from './content.ts'
import type { DialectDoor } from './door.ts'
import type { Draft, Encoded, Unsupported } from './encoded.ts'
import type { PartnerDirectory } from './partner-directory.ts'
import type { Poll } from './poll.ts'
import type { AgencyKeys, Notes, StreamedBody, Transport } from './transport.ts'

export type { Draft, Encoded, Unsupported } from './encoded.ts'
export type { AgencyKeys, Transport, TransportAnswer, TransportFailure } from './transport.ts'
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

/** What goes out: the encoded message (sealed where asked) with the ids by which the recipient tells repeats apart. */
export interface Parcel {
  readonly message: Message
  readonly deliveryId: string
  readonly encoded: Omit<Encoded, 'parts'>
  /** The body, where `encoded` has it in parts. */
  readonly streamed?: StreamedBody
  /** Makes a body of parts, for a file of the message that goes by a call of its own. */
  readonly stream?: (parts: readonly BodyPart[]) => Promise<StreamedBody>
  readonly notes?: Notes
}

type Mode = 'push' | 'pull'

/**
 * How one kind of partner speaks. A dialect is code, an agency is data. Everything but `send` is pure.
 * `push`: the gateway calls the recipient; `pull`: the recipient fetches, so `send` is never called; by its options where partners are
 * of both kinds.
 */
export interface Dialect {
  readonly name: string
  readonly mode: Mode | ((agency: Agency) => Mode)
  /** True when the recipient tells repeats apart by the ids sent: an ambiguous send is then repeated, else in doubt, and asked after where there are `arrivals`. */
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
  /** How its partners are asked, where they are servers that hold messages for us. */
  readonly poll?: Poll
  /** How its partners are asked for one thing while somebody waits. */
  readonly ask?: Ask
  /** How its partners are asked whether something arrived whose answer was lost, where it is not `repeatable`. */
  readonly arrivals?: Arrivals
  /** How its partners' own directories are copied, by the poll. */
  readonly directory?: PartnerDirectory
  /** Reads the messages of a submit. Throws GatewayError where not one can be read. */
  decode(request: DoorRequest, agency: Agency): readonly Content[]
  /** Writes the answer to a submit, one result per decoded message. */
  answer(results: readonly IntakeResult[], request: DoorRequest): DoorAnswer
  encode(message: Message, agency: Agency): Draft | Unsupported
  send(parcel: Parcel, agency: Agency, transport: Transport, keys: AgencyKeys): Promise<Outcome>
}
