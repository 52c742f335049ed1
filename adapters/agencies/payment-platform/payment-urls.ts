import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Parcel } from '../dialect.ts'
import { readFields } from '../dossiers/said.ts'
import { fieldsIn } from '../payments/call.ts'

/** The word under which the answer to an INIT is remembered. */
export const paymentUrlWord = 'UrlThanhToan'

const mostLetters = 2_000

/** An answer as it is, or as the JSON text within that of a façade (dvcqg §9.1). */
function fieldsOf(answer: Uint8Array): Payload {
  const fields = readFields(answer)
  const { message } = fields
  return typeof message === 'string' && fields[paymentUrlWord] === undefined
    ? readFields(Buffer.from(message))
    : fields
}

/** Remembers where the platform wants the payer of a request to be sent. An address of another payment, or that no browser should open, is not taken. */
export async function keepPaymentUrl(answer: Uint8Array, { message, encoded, notes }: Parcel): Promise<void> {
  const said = fieldsOf(answer)
  const url = textOf(said[paymentUrlWord]).trim()
  const reference = textOf(said['MaThamChieu']).trim()
  const isOurs = reference === '' || reference === textOf(fieldsIn(encoded)['MaThamChieu']).trim()
  if (isOurs && /^https?:\/\//i.test(url) && url.length <= mostLetters)
    await notes?.keep([paymentUrlWord, message.id], url)
}
