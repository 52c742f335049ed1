import type { CaseReason, Payment } from '../../schemas/payment-standing.ts'
import type { Trusted } from './content.ts'

/** One result of a payment, which is kept whatever becomes of its message. */
export interface MoneyDeed {
  readonly kind: 'money'
  readonly content: Trusted
  /** Whose reference it names; empty where the gateway itself is the partner, and the reference alone says whose it is. */
  readonly partner: string
}

export interface MoneyDone {
  readonly kind: 'money'
  /** Whether a message carries it to those concerned; else it is kept for a person to look at. */
  readonly isCarried: boolean
  readonly reasons: readonly CaseReason[]
}

/** What is looked up in the ledger of payments: the payment that a reference of a partner stands for, or those for a dossier. */
export type PaymentWanted =
  | { readonly of: 'payment'; readonly reference: string; readonly partner: string }
  | { readonly of: 'payments'; readonly dossier: string }

/** Payments that were found, each with the newest message of each action about it. */
export interface PaymentsFound<M> {
  readonly of: 'payments'
  readonly payments: readonly { readonly payment: Payment; readonly messages: readonly M[] }[]
}
