import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import { isEmpty, textOf } from '../../../schemas/fields.ts'
import type { Message } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import type { Dialect, Encoded, Unsupported } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { encodedJson, unsupported, writtenIn } from '../encoded.ts'
import { noSecret } from '../no-secret.ts'
import { outcomeFrom, post } from '../payments/call.ts'
import { styledDate } from '../payments/dates.ts'
import { joined, ownNames, textIn } from '../payments/names.ts'
import { door, names, paygovContent } from './door.ts'
import { PaygovOptions } from './options.ts'
import { encodeRequest, sendRequest } from './requests.ts'
import { checksumName, withoutAccents } from './words.ts'

const secretForm = z.string().min(8).max(200)

/** A province's PayGov (dvcqg §9.4): payments are created there, and it tells of their results; both as who is told and as who tells. */
export const paygov: Dialect = {
  name: 'paygov',
  mode: 'push',
  repeatable: true,
  options: PaygovOptions,
  secrets: { [checksumName]: secretForm, 'client-secret': secretForm, 'secret-key': secretForm },
  address({ options }) {
    const { request, callbackUrl } = PaygovOptions.parse(options)
    return request?.url ?? callbackUrl ?? ''
  },
  verbs: [],
  door,
  decode: (request, agency) => [
    paygovContent(request, { agency, options: PaygovOptions.parse(agency.options) }),
  ],
  answer: answerJson,
  encode,
  async send(parcel, agency, transport, keys) {
    const { callbackUrl: url = '', ...options } = PaygovOptions.parse(agency.options)
    const { request } = options
    if (parcel.message.action === 'payment.requested' && request !== undefined)
      return sendRequest(parcel, { options, request, transport, keys })
    const [secret] = keys.secrets(checksumName)
    if (secret === undefined) return noSecret(agency, checksumName)
    const fields = objectIn(writtenIn(parcel.encoded))
    const checksum = markOf(options.checksumRule, joined(options.checksumFields, textIn(fields)), secret)
    const call = { url, body: { ...fields, checksum }, timeoutMs: options.timeoutMs }
    return outcomeFrom(await post(transport, call), [...options.acceptedCodes, 'SUCCESSFUL'])
  },
}

const defaults = { requestCode: '', transactionNo: '', payGate: '', type: '', transactionCode: '' }

function encode({ action, payload }: Message, { options }: Agency): Encoded | Unsupported {
  const { request, callbackUrl, successCode, dateStyle } = PaygovOptions.parse(options)
  if (action === 'payment.requested' && request !== undefined) return encodeRequest(payload, request)
  if (action !== 'payment.result') return unsupported(`PayGov has no call for ${action} here`)
  if (callbackUrl === undefined) return unsupported('the body has no callbackUrl')
  const own = ownNames(names, payload)
  const missing = Object.entries(defaults).filter(([name]) => isEmpty(own[name]))
  const isPaid = ['0', '00'].includes(textOf(payload['MaLoi']))
  const body = {
    ...{ ...own, ...Object.fromEntries(missing) },
    orderInfo: withoutAccents(textOf(own['orderInfo'])),
    payDate: styledDate(textOf(own['payDate']), dateStyle),
    errorCode: isPaid ? successCode : textOf(own['errorCode']),
  }
  return encodedJson(body)
}
