import type { KeptFact, MoneyFact, MoneyKind } from '../../../schemas/money-fact.ts'
import type { CaseReason, PaymentState, Standing } from '../../../schemas/payment-standing.ts'
import type { NewRow } from '../database.ts'
import { toBytes, toUuid } from '../ids.ts'

export interface PaymentRow {
  readonly id: Uint8Array
  readonly reference: string
  readonly partner: string
  readonly dossier: string
  readonly sender: string
  readonly state: PaymentState
  readonly matched: number
  readonly asked: number | null
  readonly paid: number
  readonly refunded: number
  readonly updated_at: number
}

export interface FactRow {
  readonly payment_id: Uint8Array
  readonly seq: number
  readonly kind: MoneyKind
  readonly sender: string
  readonly partner: string
  readonly dossier: string
  readonly code: string
  readonly transaction_code: string
  readonly amount: number | null
  readonly bank: string
  readonly said_at: number | null
  readonly received_at: number
  readonly message_id: Uint8Array | null
}

export interface CaseRow {
  readonly id: Uint8Array
  readonly payment_id: Uint8Array
  readonly seq: number
  readonly reason: CaseReason
  readonly opened_at: number
  readonly closed_at: number | null
  readonly closed_by: string | null
  readonly closed_reason: string | null
}

export const factOf = (row: FactRow, reference: string): KeptFact => ({
  ...{ seq: row.seq, kind: row.kind, sender: row.sender, reference, partner: row.partner },
  ...{ dossier: row.dossier, code: row.code, amount: row.amount, bank: row.bank, at: row.said_at },
  transaction: row.transaction_code,
  receivedAt: row.received_at,
  messageId: row.message_id === null ? null : toUuid(row.message_id),
})

export const factRow = (
  paymentId: Uint8Array,
  { seq, kind, sender, partner, dossier, code, transaction, amount, bank, at, ...kept }: KeptFact,
  sealed: Uint8Array | null,
): NewRow => ({
  ...{ payment_id: paymentId, seq, kind, sender, partner, dossier, code, amount, bank, sealed },
  transaction_code: transaction,
  said_at: at,
  received_at: kept.receivedAt,
  message_id: kept.messageId === null ? null : toBytes(kept.messageId),
})

export const standingRow = ({ state, matched, asked, paid, refunded }: Standing): NewRow => ({
  ...{ state, asked, paid, refunded },
  matched: matched ? 1 : 0,
})

/**
 * The payment that a reference of a partner stands for, among those of the reference: the partner's own, else the one that named no
 * partner; for whom names none, the only one there is.
 */
export function pick<P extends Pick<PaymentRow, 'partner'>>(
  payments: readonly P[],
  { partner }: Pick<MoneyFact, 'partner'>,
): P | undefined {
  const exact = payments.find((payment) => payment.partner === partner)
  const only = partner === '' && payments.length === 1 ? payments[0] : undefined
  return exact ?? payments.find((payment) => payment.partner === '') ?? only
}
