import { textOf } from '../../../schemas/fields.ts'
import { rowsIn } from '../ask.ts'
import type { DoorAnswer } from '../dialect.ts'
import type { Deed, KnownMessage } from '../door.ts'
import type { FileDone } from '../file-deed.ts'
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

/** A link of this gateway: to a file that was uploaded, or that stays on its owner's server. */
const ours = /\/v1\/files\/[0-9a-f-]{36}(?:\.[0-9a-f]{32}|\?sha256=[0-9a-f]{64})$/

const mostBytes = 20 * 1024 * 1024

/** The receipt itself, for who reads it as the body, where this gateway can read it. */
export function receiptDeed(done: Looked, { options }: Caller): Deed | null {
  const link = linkIn(done)
  return options.receipt === 'pdf' && ours.test(link)
    ? { kind: 'file', link, range: undefined, mostBytes }
    : null
}

export const writeReceipt = ({ size, bytes }: FileDone): DoorAnswer => ({
  status: 200,
  headers: { ...pdf, ...(size === null ? {} : { 'content-length': String(size) }) },
  ...{ body: '', stream: bytes },
})

const isUnknown = (done: Looked): boolean =>
  (done.kind === 'lookup' || done.from === 'here') && knownIn(done.found) === undefined

const none = { code: failureCode, sentence: 'Chưa có biên lai' }
const isPdf = { code: failureCode, sentence: 'Biên lai là tệp PDF, không có liên kết' }

/** GET_BILL: a link to the receipt, or for clients that read it as the body the PDF that the platform gave, else the way to it. */
export function writeBill(asked: PaymentAsked, done: Looked, guest: Caller): DoorAnswer {
  const { receipt, successCode } = guest.options
  if (done.kind === 'ask' && done.from === 'body' && done.given.kind === 'file')
    return receipt === 'json'
      ? jsonAnswer(writeCode(asked, isPdf, guest))
      : { status: 200, headers: pdf, body: done.given.bytes }
  const link = linkIn(done)
  if (link === '') return jsonAnswer(writeCode(asked, isUnknown(done) ? unknown : none, guest))
  if (receipt !== 'json' && /^https?:\/\//.test(link))
    return { status: 302, headers: { location: link }, body: '' }
  const { MoTaLoi: sentence, ...age } = sentenceOf(done)
  const more = { UrlBienLai: link, URLBienLai: link, ...age }
  return jsonAnswer(writeCode(asked, { code: successCode, sentence, more }, guest))
}
