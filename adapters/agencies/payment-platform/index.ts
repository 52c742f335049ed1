import { z } from 'zod'
import { textOf } from '../../../schemas/fields.ts'
import { objectIn } from '../../../schemas/objects.ts'
import type { Dialect } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { paymentAsked } from '../payments/asked.ts'
import { writtenIn } from '../encoded.ts'
import { noSecret } from '../no-secret.ts'
import { keepPaymentUrl } from '../payments/payment-url.ts'
import { ask } from './asking.ts'
import { paymentUrlIn, secretName, tell } from './calling.ts'
import { confirmContent, initContent } from './contents.ts'
import { door } from './door.ts'
import { encode } from './encode.ts'
import { PlatformOptions } from './options.ts'

/**
 * Messages of the national payment platform, PhienBan 1.0.6 (dvcqg §9.1). The gateway is the platform to agencies, and stands in an
 * agency's place towards the platform: INIT goes out to it, CONFIRM comes in.
 */
export const paymentPlatform: Dialect = {
  name: 'payment-platform',
  mode: 'push',
  repeatable: true,
  options: PlatformOptions,
  secrets: { [secretName]: z.string().min(8).max(200) },
  address({ options }) {
    const { platformUrl, confirmUrl } = PlatformOptions.parse(options)
    return platformUrl ?? confirmUrl ?? ''
  },
  verbs: [],
  door,
  decode(request, agency) {
    const asked = paymentAsked(request)
    const origin = {
      guest: { agency, options: PlatformOptions.parse(agency.options) },
      original: request.body,
    }
    return [(asked.text('LoaiBanTin') === 'CONFIRM' ? confirmContent : initContent)(asked, origin)]
  },
  answer: answerJson,
  encode,
  ask,
  async send(parcel, agency, transport, keys) {
    const [secret] = keys.secrets(secretName)
    if (secret === undefined) return noSecret(agency, secretName)
    const fields = objectIn(writtenIn(parcel.encoded))
    const reference = textOf(fields['MaThamChieu']).trim()
    const taken = (answer: Uint8Array) => keepPaymentUrl(paymentUrlIn(answer, reference), parcel)
    return tell(fields, { agency, secret, transport, taken })
  },
}
