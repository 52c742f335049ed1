import { textOf } from '../../../schemas/fields.ts'
import { readFileLink } from '../../../schemas/file-links.ts'
import { rowsIn } from '../ask.ts'
import type { DoorAnswer } from '../dialect.ts'
import type { KnownMessage } from '../door.ts'
import { jsonAnswer } from '../payments/answers.ts'
import type { PaymentAsked } from '../payments/asked.ts'
import { textIn } from '../payments/names.ts'
import { failureCode, knownIn, sentenceOf, unknown, writeCode, type Caller, type Looked } from './answers.ts'

const pdf = { 'content-type': 'application/pdf' }

/** The link to a receipt among fields; empty where there is none. */
export const billIn = (text: (name: string) => string): string => text('UrlBienLai') || text('UrlChungTu')

/** A field of the newest message that has it. */
export const newestIn = (messages: readonly KnownMessage[], name: string): string =>
  messages.map(({ payload }) => textOf(payload[name])).find((text) => text !== '') ?? ''

export const billOf = (messages: readonly KnownMessage[]): string =>
  billIn((name) => newestIn(messages, name))

function linkIn(done: Looked): string {
  if (done.kind === 'ask' && done.from === 'body')
    return rowsIn(done.given).map((row) => billIn(textIn(row)))[0] ?? ''
  return billOf(knownIn(done.found)?.messages ?? [])
}

const isUnknown = (done: Looked): boolean =>
  (done.kind === 'lookup' || done.from === 'here') && knownIn(done.found) === undefined

const none = { code: failureCode, sentence: 'Chưa có biên lai' }
const isPdf = { code: failureCode, sentence: 'Biên lai là tệp PDF, không có liên kết' }

/**
 * GET_BILL: a link to the receipt, or for clients that read it as the body the PDF itself where the platform gave it or it is stored here,
 * else the way to it.
 */
export function writeBill(asked: PaymentAsked, done: Looked, guest: Caller): DoorAnswer {
  const { receipt, successCode } = guest.options
  if (done.kind === 'ask' && done.from === 'body' && done.given.kind === 'file')
    return receipt === 'json'
      ? jsonAnswer(writeCode(asked, isPdf, guest))
      : { status: 200, headers: pdf, body: done.given.bytes }
  const link = linkIn(done)
  if (link === '') return jsonAnswer(writeCode(asked, isUnknown(done) ? unknown : none, guest))
  const file = receipt === 'pdf' ? readFileLink(link) : null
  if (file !== null) return { status: 200, headers: pdf, body: '', parts: [{ file: file.id }] }
  if (receipt !== 'json' && /^https?:\/\//.test(link))
    return { status: 302, headers: { location: link }, body: '' }
  const { MoTaLoi: sentence, ...age } = sentenceOf(done)
  const more = { UrlBienLai: link, URLBienLai: link, ...age }
  return jsonAnswer(writeCode(asked, { code: successCode, sentence, more }, guest))
}
