import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import { isEmpty, textOf } from '../../../schemas/fields.ts'
import type { Message } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import type { Dialect, Encoded, Unsupported } from '../dialect.ts'
import { readFields } from '../answer-json.ts'
import { answerJson } from '../json-answer.ts'
import { encodedJson, unsupported, writtenIn } from '../encoded.ts'
import { noSecret } from '../no-secret.ts'
import { outcomeFrom, post } from '../payments/call.ts'
import type { PaymentAction } from '../payments/content.ts'
import { keepPaymentUrl } from '../payments/payment-url.ts'
import { joined, ownNames, textIn } from '../payments/names.ts'
import { door, keypayContent } from './door.ts'
import { forms, paidCode, paidStatus, summed } from './forms.ts'
import { KeypayOptions } from './options.ts'

/** Key and address of each message that goes out. */
const lines: Readonly<
  Record<PaymentAction, { readonly key: string; readonly url: 'createUrl' | 'callbackUrl' }>
> = {
  'payment.requested': { key: 'hash-key-1', url: 'createUrl' },
  'payment.result': { key: 'hash-key-2', url: 'callbackUrl' },
}
const isSpoken = (action: string): action is PaymentAction => Object.hasOwn(lines, action)

const key = z.string().min(8).max(200)

/** KeyPay version 3 (dvcqg §9.3): create a payment, ask about it, tell of its result. */
export const keypay: Dialect = {
  name: 'keypay',
  mode: 'push',
  repeatable: true,
  options: KeypayOptions,
  secrets: { 'hash-key-1': key, 'hash-key-2': key },
  address({ options }) {
    const { createUrl, callbackUrl } = KeypayOptions.parse(options)
    return createUrl ?? callbackUrl ?? ''
  },
  verbs: [],
  door,
  decode: (request, agency) => [
    keypayContent(request, { agency, options: KeypayOptions.parse(agency.options) }),
  ],
  answer: answerJson,
  encode,
  async send(parcel, agency, transport, keys) {
    const { message, encoded } = parcel
    const options = KeypayOptions.parse(agency.options)
    const { key: name, url } = lines[isSpoken(message.action) ? message.action : 'payment.requested']
    const [secret] = keys.secrets(name)
    if (secret === undefined) return noSecret(agency, name)
    const fields = objectIn(writtenIn(encoded))
    const check_sum = markOf('hmac', joined(summed.payment, textIn(fields)), secret)
    const call = { url: options[url] ?? '', body: { ...fields, check_sum }, timeoutMs: options.timeoutMs }
    const answer = await post(transport, call)
    const outcome = outcomeFrom(answer, options.acceptedCodes)
    if (outcome.kind === 'delivered' && 'body' in answer)
      await keepPaymentUrl(textOf(readFields(answer.body)['payment_url']), parcel)
    return outcome
  },
}

function encode({ action, payload }: Message, { options }: Agency): Encoded | Unsupported {
  const read = KeypayOptions.parse(options)
  if (!isSpoken(action)) return unsupported(`KeyPay has no message for ${action}`)
  if (read[lines[action].url] === undefined) return unsupported(`the body has no ${lines[action].url}`)
  const { names, defaults } = forms[action]
  const own = ownNames(names, payload)
  const missing = Object.entries(defaults).filter(([name]) => isEmpty(own[name]))
  const paid = ['0', paidCode].includes(textOf(payload['MaLoi'])) ? { status: paidStatus } : {}
  const body = {
    ...{ ...own, ...Object.fromEntries(missing), ...paid },
    ...(read.clientId === undefined ? {} : { client_id: read.clientId }),
  }
  return encodedJson(body)
}
