import { answerOf, GatewayError } from '../../../schemas/errors.ts'
import { isMarkedBy } from '../../../signing/joined-mark.ts'
import type { DoorAnswer, DoorRequest, Trusted } from '../dialect.ts'
import type { Claim, Deed, DialectDoor, Done, DoorRow, Found, Guest } from '../door.ts'
import { sentenceOf } from '../dossiers/words.ts'
import { jsonAnswer, statusOf } from '../payments/answers.ts'
import { paymentAsked } from '../payments/asked.ts'
import { contentOf } from '../payments/content.ts'
import { joined, nationalNames } from '../payments/names.ts'
import { isTaken, stateCodeOf, tellingFact } from '../payments/result.ts'
import { forms, paidCode, paidStatus, summed } from './forms.ts'
import type { KeypayOptions } from './options.ts'
import { writeOwed } from './owed.ts'

type Caller = Guest<KeypayOptions>
type Kind = 'create' | 'query' | 'callback' | 'owed'

const row = (path: string, vi: string, en: string): DoorRow => ({
  method: 'POST',
  path,
  summary: { vi, en },
})
const callback = ['Kết quả thanh toán của KeyPay', 'Result of a payment by KeyPay'] as const
const owed = ['Tra cứu khoản phải nộp của hồ sơ', 'What a dossier owes'] as const

/** Who says that money has moved has another account, and key, than who asks for it. */
const accountOf = (kind: Kind, client: string): string =>
  kind === 'callback' ? `callback:${client}` : client

/** What a path alone says; the two others share theirs. */
function pathKind({ path }: DoorRequest): Kind | null {
  if (path.endsWith('/dptracuuthanhtoanhs')) return 'owed'
  return /\/(?:paymentconfirm|callback)$/.test(path) ? 'callback' : null
}

function kindOf(request: DoorRequest): Kind {
  const kind = pathKind(request)
  if (kind !== null) return kind
  return paymentAsked(request).text('trans_amount') === '' ? 'query' : 'create'
}

function claim(request: DoorRequest): Claim {
  const kind = kindOf(request)
  if (kind === 'owed') return { kind: 'credential' } // it carries no mark of its own
  const { text } = paymentAsked(request)
  const sum = joined(kind === 'query' ? summed.query : summed.payment, text)
  return {
    kind: 'account',
    account: accountOf(kind, text('client_id')),
    isProvedBy: (secrets) => isMarkedBy(text('check_sum'), sum, { rules: ['hmac'], secrets }),
  }
}

/** A bill may come as an object, or as JSON text in a form. */
function withBill(payload: Readonly<Record<string, unknown>>): object {
  const bill = payload['ThongTinBienLai']
  if (typeof bill !== 'string' || bill === '') return payload
  try {
    return { ...payload, ThongTinBienLai: JSON.parse(bill) as unknown }
  } catch {
    throw new GatewayError('invalid_field', { field: 'bill_info', reason: 'not JSON' })
  }
}

/** What a request for a payment, or its result, becomes. */
export function keypayContent(request: DoorRequest, guest: Caller): Trusted {
  const asked = paymentAsked(request)
  const action = kindOf(request) === 'callback' ? 'payment.result' : 'payment.requested'
  const fields = nationalNames(forms[action].names, asked, 'check_sum')
  const isPaid = action === 'payment.result' && asked.text('status') === paidStatus
  const said = ['transaction_code', 'trans_amount', 'status'].map(asked.text)
  return contentOf({
    ...{ action, guest, original: request.body },
    words: [
      asked.text('client_id'),
      asked.text('transaction_id'),
      ...(action === 'payment.result' ? said : []),
    ],
    payload: { ...(withBill(fields) as typeof fields), ...(isPaid ? { MaLoi: paidCode } : {}) },
  })
}

function read(request: DoorRequest, guest: Caller | null): Deed {
  if (guest === null) throw new GatewayError('unauthenticated', { reason: 'check_sum' })
  const { text } = paymentAsked(request)
  const kind = kindOf(request)
  const partner = text('client_id')
  if (kind === 'owed') return { kind: 'lookup', wanted: { of: 'payments', dossier: text('MaHoSo').trim() } }
  if (kind === 'query')
    return { kind: 'lookup', wanted: { of: 'payment', reference: text('transaction_id'), partner } }
  const content = keypayContent(request, guest)
  if (kind === 'create') return { kind: 'submit', contents: [content], whole: false }
  return { kind: 'money', content, partner: partner === guest.options.clientId ? '' : partner }
}

function writeCreate(request: DoorRequest, { options }: Caller): DoorAnswer {
  const id = encodeURIComponent(paymentAsked(request).text('transaction_id'))
  const link = options.paymentUrl?.replaceAll('{transaction_id}', id)
  return jsonAnswer({ error: '0', msg: 'Thành công', ...(link === undefined ? {} : { payment_url: link }) })
}

function writeState(request: DoorRequest, found: Found): DoorAnswer {
  const [known] = found.of === 'payments' ? found.payments : []
  if (known === undefined) return jsonAnswer({ error: '-1', msg: 'Không tìm thấy giao dịch' })
  const fact = tellingFact(known.payment)
  const { text } = paymentAsked(request)
  return jsonAnswer({
    ...{
      error: '0',
      msg: 'Thành công',
      client_id: text('client_id'),
      transaction_id: text('transaction_id'),
    },
    transaction_code: fact?.transaction ?? '',
    trans_amount: fact?.amount ?? known.payment.asked ?? 0,
    status: { 1: '0', 3: '3', 4: '4' }[stateCodeOf(known.payment)],
  })
}

function write(done: Done, request: DoorRequest, guest: Caller | null): DoorAnswer {
  if (guest === null) throw new GatewayError('unauthenticated', { reason: 'check_sum' })
  if (done.kind === 'money')
    return isTaken(done, guest.options)
      ? jsonAnswer({ return_code: 0, return_msg: 'Thành công' })
      : jsonAnswer({ return_code: -1, return_msg: 'Đã ghi nhận để đối soát' })
  if (done.kind === 'lookup')
    return kindOf(request) === 'owed'
      ? writeOwed(paymentAsked(request).text('MaHoSo').trim(), done.found)
      : writeState(request, done.found)
  const [result] = done.kind === 'submit' ? done.results : []
  if (result?.kind !== 'refused') return writeCreate(request, guest)
  const msg = sentenceOf(result.error, paymentAsked(request).text('transaction_id'))
  return jsonAnswer({ error: '-1', msg })
}

/** Each kind of request has its own names for a code and a sentence (dvcqg §17). */
function fail(error: GatewayError, request: DoorRequest): DoorAnswer {
  const sentence =
    error.code === 'unauthenticated' ? 'Sai check_sum hoặc client_id' : sentenceOf(answerOf(error))
  const answers = {
    owed: { error_code: -1, message: [] },
    callback: { return_code: -1, return_msg: sentence },
  }
  const kind = pathKind(request)
  const told = kind === 'owed' || kind === 'callback' ? answers[kind] : { error: '-1', msg: sentence }
  return jsonAnswer(told, statusOf(error))
}

/** KeyPay to agencies, and the agency to KeyPay and to the portal that asks what a dossier owes (dvcqg §9.2, §9.3). */
export const door: DialectDoor<KeypayOptions> = {
  rows: [
    row(
      '/keypay',
      'KeyPay v3: tạo giao dịch, tra cứu giao dịch',
      'KeyPay v3: create a payment, ask about it',
    ),
    row('/keypay/callback', ...callback),
    row('/o/pgi/kpdvcqg/paymentconfirm', ...callback),
    row('/secure/pgi/kpdvcqg/paymentconfirm', ...callback),
    row('/o/pgi/kpdvcqg/dptracuuthanhtoanhs', ...owed),
    row('/secure/pgi/kpdvcqg/dptracuuthanhtoanhs', ...owed),
  ],
  claim,
  read,
  write,
  fail,
}
