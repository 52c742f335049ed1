import { textOf } from '../../../schemas/fields.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import type { DoorAnswer, IntakeResult } from '../dialect.ts'
import type { Done, Found, Guest } from '../door.ts'
import { aged } from '../dossiers/looking.ts'
import { jsonAnswer } from '../payments/answers.ts'
import type { PaymentAsked } from '../payments/asked.ts'
import { rulesOf, type PlatformOptions } from './options.ts'
import { markedAnswer } from './texts.ts'

export type Caller = Guest<PlatformOptions>
export type Answer = Readonly<Record<string, string | number>>

/** Answered to what this door cannot or will not take. */
export const failureCode = '99'
export const unknown = { code: failureCode, sentence: 'Không tìm thấy giao dịch' }

export function markedWith(answer: Answer, text: string, { options, secrets = [] }: Caller): Answer {
  const [rule] = rulesOf(options)
  const [secret] = secrets
  return secret === undefined ? answer : { ...answer, MaXacThuc: markOf(rule, text, secret) }
}

/** What was asked about, and the time of the asking: the same request has the same answer. */
export const echoOf = (asked: PaymentAsked) => ({
  MaDoiTac: asked.text('MaDoiTac'),
  MaThamChieu: asked.text('MaThamChieu'),
  ThoiGianGD: asked.text('ThoiGianGD'),
})

/** An answer with its code, a sentence and a mark. */
export function writeCode(
  asked: PaymentAsked,
  { code, sentence, more = {} }: { readonly code: string; readonly sentence: string; readonly more?: Answer },
  guest: Caller,
): Answer {
  const answer: Answer = { MaLoi: code, MoTaLoi: sentence, ...echoOf(asked) }
  const text = markedAnswer.map((name) => textOf(answer[name])).join('|')
  return markedWith({ ...answer, ...more }, text, guest)
}

type Taken = Exclude<IntakeResult, { readonly kind: 'refused' }>

/** Where the payer is sent: what the platform gave, else what the body's options say. */
function paymentUrlOf(asked: PaymentAsked, taken: Taken | undefined, { options }: Caller): string {
  const own = options.paymentUrl?.replaceAll('{MaThamChieu}', encodeURIComponent(asked.text('MaThamChieu')))
  return taken?.answered ?? own ?? ''
}

const noUrlYet = 'Đã ghi nhận; nền tảng chưa trả lời. Hãy gửi lại đúng bản tin này'
const noUrl = 'Đã ghi nhận; nền tảng không cho địa chỉ thanh toán'

/** INIT that was taken: where to send the payer. Who waits for the platform's word is not told of success without it. */
export function writeInit(asked: PaymentAsked, taken: Taken | undefined, guest: Caller): DoorAnswer {
  const { successCode, answerForm, answerAfter } = guest.options
  const url = paymentUrlOf(asked, taken, guest)
  const answer =
    url === '' && answerAfter !== 'accepted'
      ? writeCode(asked, { code: failureCode, sentence: isUnderWay(taken) ? noUrlYet : noUrl }, guest)
      : writeCode(asked, { code: successCode, sentence: 'Thành công', more: urlField(url) }, guest)
  if (answerForm === 'direct') return jsonAnswer(answer)
  return jsonAnswer({
    error_code: answer['MaLoi'] === successCode ? '0' : failureCode,
    message: JSON.stringify(answer),
  })
}

const urlField = (url: string): Answer => (url === '' ? {} : { UrlThanhToan: url })
const isUnderWay = (taken: Taken | undefined): boolean =>
  taken?.state !== 'delivered' && taken?.state !== 'processed'

/** A look-up that was done, here or by who was asked for the payment. */
export type Looked = Extract<Done, { readonly kind: 'lookup' | 'ask' }>

/** The payment that was found here; undefined where there is none. */
export const knownIn = (found: Found) => (found.of === 'payments' ? found.payments[0] : undefined)

/** The words of success: of an answer from here, in the place of one who did not answer, with how old it is. */
export function sentenceOf(done: Looked): { readonly MoTaLoi: string; readonly TuoiDuLieuGiay?: number } {
  const ageMs = done.kind === 'ask' && done.from === 'here' ? done.ageMs : null
  if (ageMs === null) return { MoTaLoi: 'Thành công' }
  const { message, ...age } = aged(ageMs)
  return { MoTaLoi: `Nền tảng không trả lời. ${message}`, ...age }
}
