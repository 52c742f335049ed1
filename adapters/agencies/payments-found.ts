import type { Payment } from '../../schemas/payment-standing.ts'

/** What is looked up in the ledger of payments: the payment that a reference of a partner stands for, or those for a dossier. */
export type PaymentWanted =
  | { readonly of: 'payment'; readonly reference: string; readonly partner: string }
  | { readonly of: 'payments'; readonly dossier: string }

/** Payments that were found, each with the newest message of each action about it. */
export interface PaymentsFound<M> {
  readonly of: 'payments'
  readonly payments: readonly { readonly payment: Payment; readonly messages: readonly M[] }[]
}
