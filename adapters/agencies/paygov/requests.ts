import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import { wholeDong } from '../../../schemas/money-fact.ts'
import { objectIn } from '../../../schemas/objects.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import { createWithToken } from '../bearer.ts'
import type { AgencyKeys, Encoded, Parcel, Transport, Unsupported } from '../dialect.ts'
import { postTo } from '../dossiers/api.ts'
import { readFields } from '../answer-json.ts'
import { accessHeaders } from '../lgsp-access.ts'
import { encodedJson, unsupported, writtenIn } from '../encoded.ts'
import { outcomeFrom } from '../payments/call.ts'
import { joined, textIn } from '../payments/names.ts'
import { keepPaymentUrl } from '../payments/payment-url.ts'
import type { PaygovOptions, RequestOptions } from './options.ts'
import { checksumName, withoutAccents } from './words.ts'

const withToken = createWithToken()

/** A request for a payment but for its checksum. Its form has no place for the receipt block. */
export function encodeRequest(payload: Payload, request: RequestOptions): Encoded | Unsupported {
  const text = textIn(payload)
  const amount = wholeDong(text('SoTien'))
  const orderId = text('MaThamChieu').trim()
  if (amount === null) return unsupported('PayGov needs SoTien in whole đồng')
  const { accessKey, serviceCode, partnerCode = text('MaDoiTac'), returnUrl } = request
  return encodedJson({
    partnerCode,
    returnUrl: returnUrl.replaceAll('{MaThamChieu}', encodeURIComponent(orderId)),
    orderId,
    amount,
    orderInfo: withoutAccents(text('ThongTinGiaoDich')),
    requestCode: text('requestCode') || orderId, // what it names no source says; the callback brings it back
    ipAddress: text('Ip'),
    ...(accessKey === undefined ? {} : { accessKey }),
    ...(serviceCode === undefined ? {} : { serviceCode }),
  })
}

interface Way {
  readonly options: PaygovOptions
  readonly request: RequestOptions
  readonly transport: Transport
  readonly keys: AgencyKeys
}

/** Creates a payment: `data.url` of the answer is where the payer is sent. */
export async function sendRequest(parcel: Parcel, way: Way): Promise<Outcome> {
  const { options, request, transport, keys } = way
  const fields = markedFields(objectIn(writtenIn(parcel.encoded)), way)
  if ('kind' in fields) return fields
  const headers = accessHeaders(request, keys.secrets('secret-key')[0] ?? '')
  const { tokenUrl, clientId, credentialsAs, url } = request
  const { timeoutMs, acceptedCodes } = options
  const secrets = keys.secrets('client-secret')
  const called = await postTo(
    {
      ...{ url, headers, timeoutMs, withToken },
      grant: { url: tokenUrl, clientId, secrets, credentialsAs, headers, timeoutMs },
      ...{ names: { code: 'error_code', message: 'message' }, accepted: acceptedCodes },
    },
    { contentType: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(fields.body)) },
    transport,
  )
  if (called.kind === 'no_token') return called.outcome
  const { answer } = called
  const paymentUrl = 'body' in answer && answer.status < 300 ? urlIn(answer.body) : ''
  if (paymentUrl === '') return outcomeFrom(answer, acceptedCodes)
  await keepPaymentUrl(paymentUrl, parcel)
  return { kind: 'delivered' }
}

function urlIn(answer: Uint8Array): string {
  const { data } = readFields(answer)
  return textOf(objectIn(data ?? {})['url'])
}

/** What cannot be marked is not sent. */
function markedFields(
  fields: Payload,
  { options: { checksumRule }, request: { checksumFields }, keys }: Way,
): { readonly body: Payload } | Outcome {
  if (checksumFields === undefined) return { body: fields }
  const [secret] = keys.secrets(checksumName)
  if (secret === undefined)
    return { kind: 'fault', code: 'no_secret', reason: `no secret "${checksumName}" is put` }
  const checksum = markOf(checksumRule, joined(checksumFields, textIn(fields)), secret)
  return { body: { ...fields, checksum } }
}
