import { readDate } from './dates.ts'
import { textOf } from './fields.ts'
import type { Message, Payload } from './message.ts'
import { partiesOf } from './parties.ts'

/**
 * What may be said of the money of a payment. `settled`: it is on the account of who is owed it. `vouched`: a paper tells of it.
 * `recorded`: a body's own books have it as paid, which proves nothing.
 */
export const moneyKinds = [
  ...(['asked', 'cancelled', 'pending', 'failed', 'paid', 'settled', 'vouched', 'recorded'] as const),
  ...(['refund-asked', 'refunded', 'refund-refused'] as const),
] as const
export type MoneyKind = (typeof moneyKinds)[number]

/** What one party said of the money of one payment. Empty text = not said. Facts are appended, never changed. */
export interface MoneyFact {
  readonly kind: MoneyKind
  /** The body that said it. */
  readonly sender: string
  /** MaThamChieu. */
  readonly reference: string
  /** MaDoiTac: whose reference it is. */
  readonly partner: string
  /** MaHoSo. */
  readonly dossier: string
  /** MaLoi. */
  readonly code: string
  /** MaGiaoDich, of a refund MaGiaoDichHoan, of the wish for one and its refusal MaYeuCauHoan. */
  readonly transaction: string
  /** Whole đồng; null where none is said or it cannot be read. */
  readonly amount: number | null
  readonly bank: string
  /** When the sender says that it happened, ms. */
  readonly at: number | null
}

/** A fact of the ledger, with where it came from. Times in ms. */
export interface KeptFact extends MoneyFact {
  /** Its place among the facts of its payment, from 1. */
  readonly seq: number
  readonly receivedAt: number
  /** The message that carries it; null where none could. */
  readonly messageId: string | null
}

/** A `.0` of a decimal type is the same amount (dvcqg §9.1: whole đồng). */
export function wholeDong(text: string): number | null {
  const digits = /^(\d{1,15})(?:\.00?)?$/.exec(text.trim())?.[1]
  return digits === undefined ? null : Number(digits)
}

/** TrangThaiGD says it where it is given, else MaLoi; a result without either is still open (dvcqg §9.1). */
const byState: Readonly<Record<string, MoneyKind>> = { 1: 'paid', 3: 'pending', 4: 'failed' }
const byCode: Readonly<Record<string, MoneyKind>> = { '': 'pending', 0: 'paid', '00': 'paid' }

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

function resultKind(payload: Payload): MoneyKind {
  const text = (name: string) => textOf(payload[name]).trim()
  return own(byState, text('TrangThaiGD')) ?? own(byCode, text('MaLoi')) ?? 'failed'
}

/** A voucher says that a transaction is paid where it names it with its state; any other is a paper beside it. */
function voucherKind(payload: Payload): MoneyKind {
  const isNamed = textOf(payload['MaGiaoDich']).trim() !== ''
  return isNamed && resultKind(payload) === 'paid' ? 'paid' : 'vouched'
}

interface FactRow {
  /** Null where it says nothing of money. */
  readonly kind: (payload: Payload) => MoneyKind | null
  readonly transaction: string
  readonly amount: string
  readonly at: string
}

const paying = { transaction: 'MaGiaoDich', amount: 'SoTien', at: 'ThoiGianGD' } as const

/** Actions that say something of money, and in which fields. */
const rows: Readonly<Record<string, FactRow>> = {
  'payment.requested': { kind: () => 'asked', ...paying },
  'payment.cancelled': { kind: () => 'cancelled', ...paying, at: 'ThoiGianHuy' },
  'payment.result': { kind: resultKind, ...paying },
  'payment.voucher': { kind: voucherKind, ...paying },
  'payment.settled': { kind: () => 'settled', ...paying, at: 'ThoiGianGhiCo' },
  'payment.refund-requested': {
    kind: () => 'refund-asked',
    ...{ transaction: 'MaYeuCauHoan', amount: 'SoTienHoan', at: 'NgayYeuCau' },
  },
  'payment.refund-refused': {
    kind: () => 'refund-refused',
    ...{ transaction: 'MaYeuCauHoan', amount: 'SoTienHoan', at: 'NgayTuChoi' },
  },
  'payment.records': {
    kind: (payload) => (resultKind(payload) === 'paid' ? 'recorded' : null),
    ...paying,
  },
  'payment.refunded': {
    kind: () => 'refunded',
    ...{ transaction: 'MaGiaoDichHoan', amount: 'SoTienHoan', at: 'NgayHoan' },
  },
}

/** No code of a partner is longer; what is, is kept in the message or the request. */
const mostLetters = 200

/** What a message says of money: nothing, one fact, or one for each row of its batch. */
export function factsOf({
  action,
  sender,
  payload,
}: Pick<Message, 'action' | 'sender' | 'payload'>): readonly MoneyFact[] {
  const row = own(rows, action)
  if (row === undefined) return []
  const { data } = payload
  const parts = Array.isArray(data) ? (data as readonly Payload[]) : [payload] // rows that the action's schema has read
  return parts.flatMap((part) => {
    const kind = row.kind(part)
    return kind === null ? [] : [{ kind, sender, ...saidIn(part, row) }]
  })
}

function saidIn(payload: Payload, row: FactRow): Omit<MoneyFact, 'kind' | 'sender'> {
  const text = (name: string) => textOf(payload[name]).trim().slice(0, mostLetters)
  return {
    reference: textOf(payload['MaThamChieu']).trim(),
    partner: text('MaDoiTac'),
    dossier: partiesOf(payload).dossiers[0] ?? '',
    code: text('MaLoi'),
    transaction: text(row.transaction),
    amount: wholeDong(text(row.amount)),
    bank: text('MaNganHang'),
    at: readDate(text(row.at)),
  }
}

const said = ['kind', 'sender', 'reference', 'code', 'transaction', 'amount', 'bank', 'at'] as const

/**
 * Whether the same was said twice of one payment: a repeat, which changes nothing. Partner and dossier may be the gateway's own addition;
 * whoever asks for another dossier asks for something else.
 */
export const isSameFact = (one: MoneyFact, other: MoneyFact): boolean =>
  said.every((name) => one[name] === other[name]) && (one.kind !== 'asked' || one.dossier === other.dossier)
