import { actions } from '../../../schemas/actions.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Payload } from '../../../schemas/message.ts'
import { isMarkedBy } from '../../../signing/joined-mark.ts'
import type { Ask, AskedPartner, PaymentQuestion, Reply } from '../ask.ts'
import { canonical } from '../canonical.ts'
import type { TransportAnswer } from '../dialect.ts'
import { paymentAsked, type PaymentAsked } from '../payments/asked.ts'
import { billIn } from './bills.ts'
import { askingFields, call, secretName } from './calling.ts'
import { stateContent } from './contents.ts'
import { PlatformOptions, rulesOf } from './options.ts'
import { markedText } from './texts.ts'

type None = Extract<Reply, { readonly kind: 'none' }>

const kinds = { state: 'QUERY', receipt: 'GET_BILL' } as const

/** Asks the platform by QUERY or GET_BILL, under our MaDoiTac there (dvcqg §9.1). */
export const ask: Ask = (question, partner) => {
  const { platformUrl } = PlatformOptions.parse(partner.agency.options)
  return question.of === 'payment' && platformUrl !== undefined ? askPlatform(question, partner) : null
}

const none = (code: string, reason: string): None => ({ kind: 'none', code, reason: reason.slice(0, 200) })

async function askPlatform(question: PaymentQuestion, partner: AskedPartner): Promise<Reply> {
  const { agency, transport, keys, now } = partner
  const [secret] = keys.secrets(secretName)
  if (secret === undefined) return none('no_secret', `${agency.code} has no secret "${secretName}"`)
  const { partnerCode: MaDoiTac = question.partner } = PlatformOptions.parse(agency.options)
  const about = { MaDoiTac, MaThamChieu: question.reference }
  const fields = askingFields(kinds[question.about], about, { agency, now: now() })
  const answer = await call(fields, { agency, secret, transport })
  if ('failure' in answer) return none(answer.code, answer.reason)
  if (answer.status >= 300) return none(`http_${answer.status}`, 'the platform does not answer')
  return question.about === 'state'
    ? stateIn(answer, question, partner)
    : receiptIn(answer, question, PlatformOptions.parse(agency.options))
}

/** Reads an answer that says that it succeeded. */
function judged(
  answer: TransportAnswer,
  { acceptedCodes }: PlatformOptions,
  read: (said: PaymentAsked) => Reply,
): Reply {
  try {
    const said = paymentAsked(answer)
    const code = said.text('MaLoi') || said.text('error_code')
    return acceptedCodes.includes(code)
      ? read(said)
      : none(`code_${code.slice(0, 32)}`, said.text('MoTaLoi') || 'the platform does not know the payment')
  } catch (error) {
    if (error instanceof GatewayError) return none('unreadable_answer', error.reason ?? error.code)
    throw error
  }
}

const otherReference = none('other_reference', 'the answer is about another payment')

/** A receipt is a link, or the PDF itself as the body. */
function receiptIn(answer: TransportAnswer, { reference }: PaymentQuestion, options: PlatformOptions): Reply {
  const { body } = answer
  if (Buffer.from(body).subarray(0, 5).toString('latin1') === '%PDF-')
    return { kind: 'file', mediaType: 'application/pdf', bytes: body }
  return judged(answer, options, (said) => {
    if (!['', reference].includes(said.text('MaThamChieu').trim())) return otherReference
    if (billIn(said.text) === '') return none('no_receipt', 'the answer has no receipt')
    return { kind: 'rows', rows: [rowOf(said)] }
  })
}

/** An answer counts where it says which payment it is about, how that stands, and that the platform says so. */
function stateIn(answer: TransportAnswer, { reference }: PaymentQuestion, partner: AskedPartner): Reply {
  const { agency, keys } = partner
  const options = PlatformOptions.parse(agency.options)
  return judged(answer, options, (said) => {
    if (said.text('MaThamChieu').trim() !== reference) return otherReference
    if (!isState(said.text('TrangThaiGD'))) return none('no_state', 'the answer has no TrangThaiGD')
    const proof = { rules: rulesOf(options), secrets: keys.secrets(secretName) }
    const isProved = isMarkedBy(said.text('MaXacThuc'), markedText('CONFIRM', said.text), proof)
    if (options.queryMark === 'required' && !isProved)
      return none('bad_mark', 'MaXacThuc of the answer is not that of the platform')
    const money = stateContent(said, { guest: { agency, options }, original: answer.body })
    return { kind: 'rows', rows: [rowOf(said)], ...(money === null ? {} : { money }) }
  })
}

const rowOf = ({ fields }: PaymentAsked): Payload =>
  canonical(actions['payment.result'].schema, fields) as Payload // an object stays one

const isState = (text: string): boolean => ['1', '3', '4'].includes(text.trim())
