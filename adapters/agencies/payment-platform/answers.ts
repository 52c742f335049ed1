import { writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import { readFileLink } from '../../../schemas/file-links.ts'
import type { Payload } from '../../../schemas/message.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import type { DoorAnswer } from '../dialect.ts'
import type { Found, Guest, KnownMessage } from '../door.ts'
import { jsonAnswer } from '../payments/answers.ts'
import type { PaymentAsked } from '../payments/asked.ts'
import { styledDate } from '../payments/dates.ts'
import { stateCodeOf, tellingFact } from '../payments/result.ts'
import { rulesOf, type PlatformOptions } from './options.ts'
import { markedAnswer, markedText } from './texts.ts'

type Caller = Guest<PlatformOptions>
type Answer = Readonly<Record<string, string | number>>

/** Answered to what this door cannot or will not take. */
export const failureCode = '99'

function markedWith(answer: Answer, text: string, { options, secrets = [] }: Caller): Answer {
  const [rule] = rulesOf(options)
  const [secret] = secrets
  return secret === undefined ? answer : { ...answer, MaXacThuc: markOf(rule, text, secret) }
}

/** What was asked about, and the time of the asking: the same request has the same answer. */
const echoOf = (asked: PaymentAsked) => ({
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

/** INIT that was taken: where to send the payer. */
export function writeInit(asked: PaymentAsked, guest: Caller): DoorAnswer {
  const { successCode: code, paymentUrl, answerForm } = guest.options
  const address = paymentUrl?.replaceAll('{MaThamChieu}', encodeURIComponent(asked.text('MaThamChieu')))
  const more = address === undefined ? {} : { UrlThanhToan: address }
  const answer = writeCode(asked, { code, sentence: 'Thành công', more }, guest)
  if (answerForm === 'direct') return jsonAnswer(answer)
  return jsonAnswer({ error_code: '0', message: JSON.stringify(answer) })
}

const unknown = { code: failureCode, sentence: 'Không tìm thấy giao dịch' }

const newest = (messages: readonly KnownMessage[], name: string): string =>
  messages.map(({ payload }) => textOf(payload[name])).find((text) => text !== '') ?? ''

/** QUERY: what a CONFIRM would say, and TrangThaiGD. */
export function writeQuery(asked: PaymentAsked, found: Found, guest: Caller): DoorAnswer {
  const [known] = found.of === 'payments' ? found.payments : []
  if (known === undefined) return jsonAnswer(writeCode(asked, unknown, guest))
  const { payment, messages } = known
  const fact = tellingFact(payment)
  const at = fact?.at ?? null
  const answer: Payload = {
    LoaiBanTin: 'QUERY',
    MaLoi: guest.options.successCode,
    ...echoOf(asked),
    SoTien: fact?.amount ?? payment.asked ?? 0,
    MaTienTe: newest(messages, 'MaTienTe') || 'VND',
    MaGiaoDich: fact?.transaction ?? '',
    MaNganHang: fact?.bank ?? '',
    ThoiGianGD: at === null ? '' : styledDate(writeDate(at), guest.options.dateStyle),
    ThongTinGiaoDich: newest(messages, 'ThongTinGiaoDich'),
  }
  const text = markedText('CONFIRM', (name) => textOf(answer[name]))
  const more = { MoTaLoi: 'Thành công', TrangThaiGD: stateCodeOf(payment), UrlBienLai: billOf(messages) }
  return jsonAnswer(markedWith({ ...(answer as Answer), ...more }, text, guest))
}

const billOf = (messages: readonly KnownMessage[]): string =>
  newest(messages, 'UrlBienLai') || newest(messages, 'UrlChungTu')

/** GET_BILL: a link to the receipt, or for clients that read it as the body the PDF itself where it is stored here, else the way to it. */
export function writeBill(asked: PaymentAsked, found: Found, guest: Caller): DoorAnswer {
  const [known] = found.of === 'payments' ? found.payments : []
  const link = known === undefined ? '' : billOf(known.messages)
  if (link === '') {
    const none = { ...unknown, sentence: 'Chưa có biên lai' }
    return jsonAnswer(writeCode(asked, known === undefined ? unknown : none, guest))
  }
  const { receipt } = guest.options
  const file = receipt === 'pdf' ? readFileLink(link) : null
  if (file !== null)
    return {
      status: 200,
      headers: { 'content-type': 'application/pdf' },
      body: '',
      parts: [{ file: file.id }],
    }
  if (receipt !== 'json' && /^https?:\/\//.test(link))
    return { status: 302, headers: { location: link }, body: '' }
  const more = { UrlBienLai: link, URLBienLai: link }
  return jsonAnswer(
    writeCode(asked, { code: guest.options.successCode, sentence: 'Thành công', more }, guest),
  )
}
