import { answerOf, GatewayError } from '../../../schemas/errors.ts'
import { isMarkedBy } from '../../../signing/joined-mark.ts'
import type { DoorAnswer, DoorRequest } from '../dialect.ts'
import type { Claim, Deed, DialectDoor, Done, DoorRow, Guest } from '../door.ts'
import { sentenceOf } from '../dossiers/words.ts'
import type { MoneyDone } from '../money.ts'
import { jsonAnswer, statusOf } from '../payments/answers.ts'
import { paymentAsked } from '../payments/asked.ts'
import { paymentUrlWord } from '../payments/payment-url.ts'
import { isTaken } from '../payments/result.ts'
import { failureCode, writeCode, writeInit } from './answers.ts'
import { receiptDeed, writeBill, writeReceipt } from './bills.ts'
import { confirmContent, initContent } from './contents.ts'
import { PlatformOptions, rulesOf } from './options.ts'
import { writeQuery } from './states.ts'
import { isPlatformKind, markedText, type PlatformKind } from './texts.ts'

type Caller = Guest<PlatformOptions>

const summary = {
  vi: 'Bản tin nền tảng thanh toán 1.0.6: INIT, CONFIRM, QUERY, GET_BILL theo trường LoaiBanTin',
  en: 'Messages of the payment platform 1.0.6: INIT, CONFIRM, QUERY, GET_BILL, told by LoaiBanTin',
}
const rowOf = (path: string): DoorRow => ({ method: 'POST', path, summary })

/** Throws `invalid_field`. */
function kindOf(request: DoorRequest): PlatformKind {
  const kind = paymentAsked(request).text('LoaiBanTin').trim().toUpperCase()
  if (isPlatformKind(kind)) return kind
  throw new GatewayError('invalid_field', {
    field: 'LoaiBanTin',
    reason: kind === '' ? 'missing' : 'not one of INIT, CONFIRM, QUERY, GET_BILL',
  })
}

/** Who may say that money has moved is another account than who may ask for it. */
const accountOf = (kind: PlatformKind, partner: string): string =>
  kind === 'CONFIRM' ? `CONFIRM:${partner}` : partner

function claim(request: DoorRequest): Claim {
  const kind = kindOf(request)
  const { text } = paymentAsked(request)
  return {
    kind: 'account',
    account: accountOf(kind, text('MaDoiTac')),
    isProvedBy: (secrets, options) =>
      isMarkedBy(text('MaXacThuc'), markedText(kind, text), {
        rules: rulesOf(PlatformOptions.parse(options)),
        secrets,
      }),
  }
}

function read(request: DoorRequest, guest: Caller | null): Deed {
  if (guest === null) throw new GatewayError('unauthenticated', { reason: 'MaXacThuc' })
  const asked = paymentAsked(request)
  const origin = { guest, original: request.body }
  const partner = asked.text('MaDoiTac')
  const kind = kindOf(request)
  if (kind === 'INIT')
    return {
      ...{ kind: 'submit', contents: [initContent(asked, origin)], whole: false },
      ...{ answerAfter: guest.options.answerAfter, answered: paymentUrlWord },
    }
  if (kind === 'CONFIRM')
    return {
      kind: 'money',
      content: confirmContent(asked, origin),
      partner: partner === guest.options.partnerCode ? '' : partner,
    }
  return lookupDeed(kind, { reference: asked.text('MaThamChieu').trim(), partner }, guest.options)
}

/** Here, or at the body that was asked for the payment. */
function lookupDeed(
  kind: 'QUERY' | 'GET_BILL',
  named: { readonly reference: string; readonly partner: string },
  { lookups }: PlatformOptions,
): Deed {
  const wanted = { of: 'payment', ...named } as const
  const place = lookups[kind]
  if (place === 'local') return { kind: 'lookup', wanted }
  const about = kind === 'QUERY' ? 'state' : 'receipt'
  return {
    ...{ kind: 'ask', question: { of: 'payment', about, ...named }, whom: 'payment-handler' },
    wanted: place === 'forward' ? null : wanted,
  }
}

/** What becomes of a report of money, in one sentence. */
function sentenceFor({ isCarried, reasons }: MoneyDone): string {
  if (reasons.includes('unmatched')) return 'Không tìm thấy mã tham chiếu; đã ghi nhận để đối soát'
  if (!isCarried || reasons.length > 0) return 'Đã ghi nhận để đối soát'
  return 'Thành công'
}

/** A receipt that can be read here is read once it is known where it lies. */
function follow(done: Done, request: DoorRequest, guest: Caller | null): Deed | null {
  const isLooked = done.kind === 'lookup' || done.kind === 'ask'
  return isLooked && guest !== null && kindOf(request) === 'GET_BILL' ? receiptDeed(done, guest) : null
}

function write(done: Done, request: DoorRequest, guest: Caller | null): DoorAnswer {
  if (guest === null) throw new GatewayError('unauthenticated', { reason: 'MaXacThuc' })
  const asked = paymentAsked(request)
  if (done.kind === 'money') {
    const code = isTaken(done, guest.options) ? guest.options.successCode : failureCode
    return jsonAnswer(writeCode(asked, { code, sentence: sentenceFor(done) }, guest))
  }
  if (done.kind === 'file') return writeReceipt(done)
  if (done.kind === 'lookup' || done.kind === 'ask')
    return (kindOf(request) === 'QUERY' ? writeQuery : writeBill)(asked, done, guest)
  const [result] = done.kind === 'submit' ? done.results : []
  if (result?.kind !== 'refused') return writeInit(asked, result, guest)
  const sentence = sentenceOf(result.error, asked.text('MaThamChieu'))
  return jsonAnswer(writeCode(asked, { code: failureCode, sentence }, guest))
}

function fail(error: GatewayError): DoorAnswer {
  const sentence =
    error.code === 'unauthenticated' ? 'Sai mã xác thực hoặc mã đối tác' : sentenceOf(answerOf(error))
  return jsonAnswer({ MaLoi: failureCode, MoTaLoi: sentence }, statusOf(error))
}

/** INIT, QUERY and GET_BILL of agencies; CONFIRM of banks and of the platform, at the addresses where these look for it (dvcqg §9.1). */
export const door: DialectDoor<PlatformOptions> = {
  rows: [
    '/payment-platform',
    '/payment-platform/*rest',
    '/o/pgi/ppdvcqg/dpnhankqthanhtoanhs',
    '/secure/pgi/ppdvcqg/dpnhankqthanhtoanhs',
    '/DvcPayment/Confirm',
  ].map(rowOf),
  claim,
  read,
  follow,
  write,
  fail,
}
