import { writeDate } from '../../../schemas/dates.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { AgencyKeys, Encoded, Parcel, Transport, Unsupported } from '../dialect.ts'
import { readSaid, saysExists } from '../dossiers/said.ts'
import { encodedJson, writtenIn, unsupported } from '../encoded.ts'
import { noSecret } from '../no-secret.ts'
import { outcomeFrom, post } from '../payments/call.ts'
import { FacadeOptions, type TaxOptions } from './options.ts'
import { noticeForm, voucherForm, type TaxForm } from './tax-forms.ts'

/** Name of the secret that the province's tax controller asks for. */
export const taxKey = 'tax-key'

interface TaxRow {
  readonly form: (message: Message) => TaxForm
  readonly call: (options: TaxOptions) => TaxOptions['notice']
}

const voucher: TaxRow = { form: voucherForm, call: (options) => options.voucher }

/** Which messages have a tax form (dvcqg §9.4). */
const rows: Readonly<Record<string, TaxRow>> = {
  'payment.requested': { form: noticeForm, call: ({ notice }) => notice },
  'payment.voucher': voucher,
  'payment.result': voucher,
}

export const isTax = (action: string): boolean => Object.hasOwn(rows, action)

/** A tax form but for its key, which is put to it when it is sent. */
export function encodeTax(message: Message, { tax }: FacadeOptions): Encoded | Unsupported {
  const row = rows[message.action]
  if (row === undefined || tax === undefined)
    return unsupported(`the body has no address for ${message.action}`)
  const { data, missing } = row.form(message)
  if (missing.length > 0) return unsupported(`the tax form needs ${missing.join(', ')}`)
  return encodedJson({
    Service: row.call(tax).service,
    ...(row.form === noticeForm ? { Ngay: writeDate(message.sentAt) } : {}),
    ...{ IsUpdating: 'False', Data: data },
  })
}

/** Sends a tax form; one that the province has already was taken before. */
export async function sendTax(
  { message, encoded }: Parcel,
  agency: Agency,
  { transport, keys }: { readonly transport: Transport; readonly keys: AgencyKeys },
): Promise<Outcome> {
  const { tax, timeoutMs } = FacadeOptions.parse(agency.options)
  const row = rows[message.action]
  const [key] = keys.secrets(taxKey)
  if (key === undefined) return noSecret(agency, taxKey)
  if (tax === undefined || row === undefined)
    return { kind: 'unsendable', code: 'unsupported', reason: message.action }
  const body = { SecurityKey: key, ...objectIn(writtenIn(encoded)) }
  const answer = await post(transport, { url: `${tax.url}${row.call(tax).path}`, body, timeoutMs })
  const outcome = outcomeFrom(answer, tax.acceptedCodes)
  const isKnown = outcome.kind === 'refused' && 'body' in answer && saysExists(readSaid(answer.body).message)
  return isKnown ? { kind: 'delivered' } : outcome
}
