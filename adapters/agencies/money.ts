import type { CaseReason } from '../../schemas/payment-standing.ts'
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
