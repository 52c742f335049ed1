import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import { isEmpty, textOf } from '../../../schemas/fields.ts'
import type { Message } from '../../../schemas/message.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import type { Dialect, Encoded, Unsupported } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { encodedFields, fieldsIn, noSecret, outcomeFrom, post } from '../payments/call.ts'
import { styledDate } from '../payments/dates.ts'
import { joined, ownNames, textIn } from '../payments/names.ts'
import { door, names, paygovContent } from './door.ts'
import { PaygovOptions } from './options.ts'

const secretName = 'checksum'

/** Results of payments as a province's PayGov tells of them (dvcqg §9.4), both as who is told and as who tells. */
export const paygov: Dialect = {
  name: 'paygov',
  mode: 'push',
  repeatable: true,
  options: PaygovOptions,
  secrets: { [secretName]: z.string().min(8).max(200) },
  address: ({ options }) => PaygovOptions.parse(options).callbackUrl ?? '',
  verbs: [],
  door,
  decode: (request, agency) => [
    paygovContent(request, { agency, options: PaygovOptions.parse(agency.options) }),
  ],
  answer: answerJson,
  encode,
  async send({ encoded }, agency, transport, keys) {
    const { callbackUrl: url = '', ...options } = PaygovOptions.parse(agency.options)
    const [secret] = keys.secrets(secretName)
    if (secret === undefined) return noSecret(agency, secretName)
    const fields = fieldsIn(encoded)
    const checksum = markOf(options.checksumRule, joined(options.checksumFields, textIn(fields)), secret)
    const call = { url, body: { ...fields, checksum }, timeoutMs: options.timeoutMs }
    return outcomeFrom(await post(transport, call), [...options.acceptedCodes, 'SUCCESSFUL'])
  },
}

/** orderInfo has no accents (dvcqg §9.4). */
const withoutAccents = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D')

const defaults = { requestCode: '', transactionNo: '', payGate: '', type: '', transactionCode: '' }

function encode({ action, payload }: Message, { options }: Agency): Encoded | Unsupported {
  const { callbackUrl, successCode, dateStyle } = PaygovOptions.parse(options)
  if (action !== 'payment.result')
    return { kind: 'unsupported', reason: `PayGov tells of payment.result, not of ${action}` }
  if (callbackUrl === undefined) return { kind: 'unsupported', reason: 'the body has no callbackUrl' }
  const own = ownNames(names, payload)
  const missing = Object.entries(defaults).filter(([name]) => isEmpty(own[name]))
  const isPaid = ['0', '00'].includes(textOf(payload['MaLoi']))
  const body = {
    ...{ ...own, ...Object.fromEntries(missing) },
    orderInfo: withoutAccents(textOf(own['orderInfo'])),
    payDate: styledDate(textOf(own['payDate']), dateStyle),
    errorCode: isPaid ? successCode : textOf(own['errorCode']),
  }
  return encodedFields(body)
}
