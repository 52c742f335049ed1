import type { AuditEntry } from '../../../schemas/audit.ts'
import type { MoneyFact } from '../../../schemas/money-fact.ts'
import type { CaseReason, Standing } from '../../../schemas/payment-standing.ts'

/** A fact with where it came from. Times in ms. */
export interface KeptFact extends MoneyFact {
  readonly receivedAt: number
  /** The message that carries it; null where none could. */
  readonly messageId: string | null
}

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

/** A payment: who asked for it under which reference, how it stands, and all that was said, oldest first. */
export interface Payment extends Standing {
  readonly reference: string
  readonly partner: string
  readonly dossier: string
  /** Who asked for it; empty where nobody did. */
  readonly sender: string
  readonly updatedAt: number
  readonly facts: readonly KeptFact[]
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
