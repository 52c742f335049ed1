import type { AuthenticationMethod } from './agency.ts'

/** A JSON value as it travels in a payload. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

/** The payload of a message: an object whose field names are the national ones. */
export type Payload = Readonly<Record<string, Json>>

/** How the door knew the sender of a message that its sender has not signed: the gateway says it, over its own seal. */
export interface AuthenticatedBy {
  readonly method: AuthenticationMethod
  readonly credentialId: string
}

/** What an envelope's header says, before the gateway adds its own facts. Times are milliseconds since 1970. */
export interface Header {
  /** Code of the body that speaks. */
  readonly sender: string
  /** The sender's own reference: the idempotency key together with `sender`. */
  readonly senderRef: string
  /** Codes of the recipients; empty when the table of actions decides. */
  readonly recipients: readonly string[]
  /** A row of the table of actions, such as `payment.result`. */
  readonly action: string
  readonly conversationId?: string
  readonly refToMessageId?: string
  readonly sentAt: number
  readonly expiresAt?: number
  /** Absent where the sender's own signature says who it is. Only a gateway writes it. */
  readonly authenticatedBy?: AuthenticatedBy
}

/** A message the gateway has verified, parsed and named. */
export interface Message extends Header {
  /** UUIDv7, given by the gateway. */
  readonly id: string
  readonly family: string
  /** What orders it at each recipient, such as a MaHoSo; empty when nothing does. */
  readonly subjectKey: string
  readonly receivedAt: number
  readonly payload: Payload
  /** What looked unusual and was carried all the same, such as `TrangThaiHoSo: 11`, and what was found of a signature within. */
  readonly flags: readonly string[]
}

/**
 * States of a delivery. `behind`: waits for an earlier one of its lane. `due`: may be sent at `dueAt`. `sending`: a worker, or the
 * recipient's own pull, holds its lease. `in_doubt`: sent, answer lost, and the recipient cannot tell repeats apart. `parked`: claimed too
 * often without an outcome, our fault or a poison message. `dead`: the retry clock ran out.
 */
export const deliveryStates = [
  'behind',
  'due',
  'sending',
  'in_doubt',
  'parked',
  'dead',
  'delivered',
  'processed',
  'refused',
  'expired',
  'skipped',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** What still goes out by itself. */
export const movingStates: readonly DeliveryState[] = ['behind', 'due', 'sending']

/** What holds its lane until an operator acts. */
export const blockingStates: readonly DeliveryState[] = ['in_doubt', 'parked', 'dead']

/** What still needs somebody, or time. What is over is not counted: it grows for ever. */
export const openStates: readonly DeliveryState[] = [...movingStates, ...blockingStates]

/** Outcomes that let the next delivery of the lane go. */
export const laneMoves: ReadonlySet<DeliveryState> = new Set([
  'delivered',
  'processed',
  'refused',
  'expired',
  'skipped',
])

/** States after which nothing more happens by itself. */
export const settledStates: ReadonlySet<DeliveryState> = new Set([...laneMoves, ...blockingStates])
