import type { Knex } from 'knex'
import type { Payment } from '../../../schemas/payment-standing.ts'
import { insertAudit } from '../audit.ts'
import { readParts, type Database } from '../database.ts'
import { isContention, isDuplicate } from '../failures.ts'
import { asBuffer, toBytes, toBytesOrNull, toHex, toUuid } from '../ids.ts'
import type { CaseClosing, CaseFilter, PaymentCase, PaymentStore } from '../ports/payments.ts'
import { retryTransaction } from '../retry-transaction.ts'
import { recordFacts } from './record.ts'
import { factOf, pick, type CaseRow, type FactRow, type PaymentRow } from './rows.ts'

export interface PaymentDeps extends Pick<Database, 'knex'> {
  /** Encrypts a value for the row of this name. */
  readonly seal: (plain: Uint8Array, row: string) => Buffer
}

async function readFacts(knex: Knex, payments: readonly PaymentRow[]): Promise<readonly Payment[]> {
  const rows = await readParts(
    payments.map(({ id }) => asBuffer(id)),
    (part) =>
      knex('payment_fact')
        .whereIn('payment_id', [...part])
        .orderBy(['payment_id', 'seq']) as unknown as Promise<FactRow[]>,
  )
  return payments.map(({ id, updated_at: updatedAt, matched, ...row }) => ({
    ...row,
    updatedAt,
    matched: matched === 1,
    facts: rows
      .filter((fact) => toHex(fact.payment_id) === toHex(id))
      .map((fact) => factOf(fact, row.reference)),
  }))
}

type JoinedCase = CaseRow & FactRow & { readonly reference: string; readonly owner: string }

const joinedCases = (knex: Knex): Knex.QueryBuilder =>
  knex('payment_case')
    .join('payment', 'payment.id', 'payment_case.payment_id')
    .join('payment_fact', (on) => {
      on.on('payment_fact.payment_id', 'payment_case.payment_id').andOn(
        'payment_fact.seq',
        'payment_case.seq',
      )
    })
    .select('payment_fact.*', 'payment_case.*', 'payment.reference', { owner: 'payment.dossier' })

const caseOf = (row: JoinedCase): PaymentCase => ({
  id: toUuid(row.id),
  reason: row.reason,
  openedAt: row.opened_at,
  closedAt: row.closed_at,
  closedBy: row.closed_by,
  closedReason: row.closed_reason,
  reference: row.reference,
  partner: row.partner,
  dossier: row.owner,
  fact: factOf(row, row.reference),
})

async function list(knex: Knex, { state, after, limit }: CaseFilter): Promise<readonly PaymentCase[]> {
  const rows = joinedCases(knex).orderBy('payment_case.id').limit(limit)
  if (state === 'open') void rows.whereNull('payment_case.closed_at')
  else void rows.whereNotNull('payment_case.closed_at')
  if (after !== undefined) void rows.where('payment_case.id', '>', toBytes(after))
  return ((await rows) as readonly JoinedCase[]).map(caseOf)
}

async function close(trx: Knex, id: Buffer, closing: CaseClosing): Promise<'done' | 'already' | 'unknown'> {
  const { now, by, reason, audit } = closing
  const closed = await trx('payment_case')
    .where({ id })
    .whereNull('closed_at')
    .update({ closed_at: now, closed_by: by, closed_reason: reason })
  const found = (await joinedCases(trx).where('payment_case.id', id).first()) as JoinedCase | undefined
  if (found === undefined) return 'unknown'
  if (closed === 0) return 'already'
  await insertAudit(trx, [audit(caseOf(found))])
  return 'done'
}

/** The ledger of payments: what was said of money, how each stands, and what a person should look at. */
export const createPayments = ({ knex, seal }: PaymentDeps): PaymentStore => ({
  findPayment: async (reference, partner) => {
    const rows = (await knex('payment').where({ reference }).orderBy('partner')) as PaymentRow[]
    const found = pick(rows, { partner })
    return found === undefined ? null : ((await readFacts(knex, [found]))[0] ?? null)
  },
  paymentsOf: async (dossier) =>
    readFacts(knex, (await knex('payment').where({ dossier }).orderBy('reference')) as PaymentRow[]),
  keepFact: (fact, { original, at }) => {
    const sealed = seal(original, `payment:${fact.reference}`)
    return retryTransaction(
      knex,
      (trx) => recordFacts(trx, [{ fact, messageId: null, sealed, at }]),
      (error) => isContention(error) || isDuplicate(error),
    )
  },
  listPaymentCases: (filter) => list(knex, filter),
  closePaymentCase: async (id, closing) => {
    const bytes = toBytesOrNull(id)
    if (bytes === null) return 'unknown'
    return retryTransaction(knex, (trx) => close(trx, bytes, closing))
  },
})
