import type { Agency } from '../../../schemas/agency.ts'
import { writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { wholeDong } from '../../../schemas/money-fact.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import type { Transport } from '../dialect.ts'
import { readFields } from '../answer-json.ts'
import { outcomeFrom, post, readSaid } from '../payments/call.ts'
import { styledDate } from '../payments/dates.ts'
import { paymentUrlWord } from '../payments/payment-url.ts'
import { PlatformOptions, rulesOf } from './options.ts'
import { isPlatformKind, markedText } from './texts.ts'

/** Name of the secret that a body's messages are marked with. */
export const secretName = 'payment'

/** A PDF of a receipt, which some platforms give as the answer. */
const answerBytes = 2 * 1024 * 1024

/** The way to a partner. */
export interface Line {
  readonly agency: Agency
  readonly secret: string
  readonly transport: Transport
  /** Told of the answer to an INIT that was taken. */
  readonly taken?: (answer: Uint8Array) => Promise<void>
}

/** Posts a message with its mark. */
export function call(body: Payload, { agency, secret, transport }: Line) {
  const { confirmUrl, platformUrl, timeoutMs, ...options } = PlatformOptions.parse(agency.options)
  const kind = textOf(body['LoaiBanTin'])
  const [rule] = rulesOf(options)
  const text = isPlatformKind(kind) ? markedText(kind, (name) => textOf(body[name])) : ''
  const url = (kind === 'CONFIRM' ? confirmUrl : platformUrl) ?? ''
  const marked = { ...body, MaXacThuc: markOf(rule, text, secret) }
  return post(transport, { url, body: marked, timeoutMs, maxAnswerBytes: answerBytes })
}

/** A QUERY or GET_BILL of this moment. */
export function askingFields(
  LoaiBanTin: 'QUERY' | 'GET_BILL',
  about: { readonly MaDoiTac: string; readonly MaThamChieu: string; readonly PhienBan?: string },
  { agency, now }: { readonly agency: Agency; readonly now: number },
): Payload {
  const { dateStyle } = PlatformOptions.parse(agency.options)
  return {
    ...{ LoaiBanTin, PhienBan: '1.0.6', ...about },
    ThoiGianGD: styledDate(writeDate(now), dateStyle),
  }
}

/** A platform that refuses an INIT may have it from a try before, whose answer was lost: it is asked before that counts as a refusal. */
export async function tell(body: Payload, line: Line): Promise<Outcome> {
  const { acceptedCodes } = PlatformOptions.parse(line.agency.options)
  const answer = await call(body, line)
  const outcome = outcomeFrom(answer, acceptedCodes)
  if (body['LoaiBanTin'] === 'INIT' && outcome.kind === 'delivered' && 'body' in answer)
    await line.taken?.(answer.body)
  if (body['LoaiBanTin'] !== 'INIT' || outcome.kind !== 'refused' || !outcome.code.startsWith('code_'))
    return outcome
  return (await isKnown(body, line)) ? { kind: 'delivered' } : outcome
}

async function isKnown(body: Payload, line: Line): Promise<boolean> {
  const { acceptedCodes } = PlatformOptions.parse(line.agency.options)
  const text = (name: string) => textOf(body[name])
  const about = {
    ...{ PhienBan: text('PhienBan'), MaDoiTac: text('MaDoiTac'), MaThamChieu: text('MaThamChieu') },
  }
  const answer = await call(askingFields('QUERY', about, { ...line, now: Date.now() }), line)
  if (!('body' in answer) || answer.status !== 200) return false
  const amount = wholeDong(textOf(readFields(answer.body)['SoTien']))
  const isOurs = amount === null || amount === wholeDong(text('SoTien')) // two of our bodies may have used one reference
  return isOurs && acceptedCodes.includes(readSaid(answer.body).code)
}

/** The address in the answer to an INIT, as it is or within that of a façade; empty where it has none, or is about another payment. */
export function paymentUrlIn(answer: Uint8Array, reference: string): string {
  const fields = readFields(answer)
  const { message } = fields
  const isInside = typeof message === 'string' && fields[paymentUrlWord] === undefined
  const said = isInside ? readFields(Buffer.from(message)) : fields
  const isOurs = ['', reference].includes(textOf(said['MaThamChieu']).trim())
  return isOurs ? textOf(said[paymentUrlWord]) : ''
}
