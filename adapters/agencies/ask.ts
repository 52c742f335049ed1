import type { Payload } from '../../schemas/message.ts'
import type { Partner } from './poll.ts'

/** What a body may be asked while somebody waits for the answer. */
export type Question =
  | { readonly of: 'dossier'; readonly maHoSo: string }
  | { readonly of: 'procedure'; readonly maTTHC: string }
  /** The account of a citizen or business at the portal, by its identity number or tax code. */
  | { readonly of: 'tech-id'; readonly provider: string; readonly number: string }

/** Rows, or why there are none to be had; `none` leaves open whether the thing exists. */
export type Reply =
  | { readonly kind: 'rows'; readonly rows: readonly Payload[] }
  | { readonly kind: 'none'; readonly code: string; readonly reason: string }

/** A body that is asked, for another one. */
export interface AskedPartner extends Omit<Partner, 'keeping'> {
  /** Code of the body that wants to know. */
  readonly asker: string
}

/** Asks a body in the dialect's own form; null where this body has no address for such a question. Does I/O through the transport alone. */
export type Ask = (question: Question, partner: AskedPartner) => Promise<Reply> | null
