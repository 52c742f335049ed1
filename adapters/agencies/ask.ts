import type { Payload } from '../../schemas/message.ts'
import type { Trusted } from './content.ts'
import type { Found, KnownMessage, Wanted } from './known.ts'
import type { Partner } from './poll.ts'

/** What a body may be asked while somebody waits for the answer. */
export type Question =
  | { readonly of: 'dossier'; readonly maHoSo: string }
  | { readonly of: 'procedure'; readonly maTTHC: string }
  /** The account of a citizen or business at the portal, by its identity number or tax code. */
  | { readonly of: 'tech-id'; readonly provider: string; readonly number: string }
  | PaymentQuestion

/** How a payment stands, or its receipt, by the reference under which it was asked for. */
export interface PaymentQuestion {
  readonly of: 'payment'
  readonly about: 'state' | 'receipt'
  readonly reference: string
  /** MaDoiTac. */
  readonly partner: string
}

/** What a body gave: rows, or a file as it is. */
export type Given =
  | { readonly kind: 'rows'; readonly rows: readonly Payload[] }
  | { readonly kind: 'file'; readonly mediaType: string; readonly bytes: Uint8Array }

export const rowsIn = (given: Given): readonly Payload[] => (given.kind === 'rows' ? given.rows : [])

/** What was given, or why nothing is to be had; `none` leaves open whether the thing exists. */
export type Reply =
  /** `money`: what the answer says of money, which is kept before anybody is told. */
  | (Given & { readonly money?: Trusted })
  | { readonly kind: 'none'; readonly code: string; readonly reason: string }

/** A body that is asked, for another one. */
export interface AskedPartner extends Omit<Partner, 'keeping' | 'settled' | 'catalogRow'> {
  /** Code of the body that wants to know. */
  readonly asker: string
}

/** Asks a body in the dialect's own form; null where this body has no address for such a question. Does I/O through the transport alone. */
export type Ask = (question: Question, partner: AskedPartner) => Promise<Reply> | null

/**
 * Asks a body now, for at most 5 s: the owner of the dossier, the portal core, or who was asked for the payment. Where it does not answer, `wanted` is looked up here;
 * null = the deed then fails with `unavailable`.
 */
export interface AskDeed {
  readonly kind: 'ask'
  readonly question: Question
  readonly whom: 'dossier-owner' | 'portal-core' | 'payment-handler'
  readonly wanted: Wanted | null
}

/** What the asked body gave, or what is known here in its place. */
export type AskDone = { readonly kind: 'ask' } & (
  | { readonly from: 'body'; readonly given: Given }
  /** `ageMs` of the newest message found; null where nothing says how old it is, or it is as new as can be. */
  | { readonly from: 'here'; readonly found: Found; readonly ageMs: number | null }
)

/** What the caller's body has received, whole and again each time; of `expressed` and the bounds as in `PullDeed`. */
export interface InboxDeed {
  readonly kind: 'inbox'
  readonly actions: readonly string[]
  readonly expressed: readonly string[]
  readonly since?: number
  readonly before?: number
}

/** Oldest first. */
export interface InboxDone {
  readonly kind: 'inbox'
  readonly messages: readonly KnownMessage[]
}
