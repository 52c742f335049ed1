import type { AuditEntry } from '../../../schemas/audit.ts'
import type { KeptFact, MoneyFact } from '../../../schemas/money-fact.ts'
import type { CaseReason, Payment } from '../../../schemas/payment-standing.ts'

/** What a person should look at, or has. */
export interface PaymentCase {
  /** UUIDv7. */
  readonly id: string
  readonly reason: CaseReason
  readonly openedAt: number
  readonly closedAt: number | null
  /** Credential of who closed it; empty where the gateway did, since its cause is gone. */
  readonly closedBy: string | null
  readonly closedReason: string | null
  readonly reference: string
  readonly partner: string
  readonly dossier: string
  /** The fact that opened it. */
  readonly fact: KeptFact
}

export interface CaseFilter {
  readonly state: 'open' | 'closed'
  /** Id of the last one already read. */
  readonly after?: string | undefined
  readonly limit: number
}

export interface CaseClosing {
  readonly now: number
  readonly by: string
  readonly reason: string
  readonly audit: (found: PaymentCase) => AuditEntry
}

/** The ledger of payments. Facts that messages carry are written with the message, in `acceptMany`. */
export interface PaymentStore {
  /** The payment that a reference of a partner stands for; partner empty = the only one of this reference. */
  findPayment(reference: string, partner: string): Promise<Payment | null>
  /** Payments for a dossier, by reference. */
  paymentsOf(dossier: string): Promise<readonly Payment[]>
  /** Keeps a fact that no message can carry, with the request (encrypted), and opens its case. A repeat changes nothing. */
  keepFact(fact: MoneyFact, kept: { readonly original: Uint8Array; readonly at: number }): Promise<void>
  /** Cases in the order in which they were opened. */
  listPaymentCases(filter: CaseFilter): Promise<readonly PaymentCase[]>
  closePaymentCase(id: string, closing: CaseClosing): Promise<'done' | 'already' | 'unknown'>
}
