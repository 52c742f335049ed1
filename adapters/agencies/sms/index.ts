import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import { writeDate } from '../../../schemas/dates.ts'
import type { Message } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { AgencyKeys, Dialect, Encoded, Parcel, Transport, Unsupported } from '../dialect.ts'
import { unsupported } from '../encoded.ts'
import { answerJson } from '../json-answer.ts'
import { noSecret } from '../no-secret.ts'
import { toldAction, valuesOf } from '../notices/notice.ts'
import { mostPlaces, namedIn } from '../notices/people.ts'
import { fill } from '../template.ts'
import { saidOf, together } from './answer.ts'
import { asksSecret, callOf } from './call.ts'
import { SmsOptions } from './options.ts'
import { numberIn, segmentsOf, unmarked, usualTexts } from './text.ts'

const secretName = 'sms'

/**
 * Notices and the progress of dossiers by text message, through any provider whose interface the options describe. No provider is
 * known to tell repeats apart, so an ambiguous send is in doubt.
 */
export const sms: Dialect = {
  name: 'sms',
  mode: 'push',
  repeatable: false,
  options: SmsOptions,
  address: ({ options }) => SmsOptions.parse(options).url,
  secrets: { [secretName]: z.string().regex(/^[\x20-\x7e]{1,500}$/) },
  verbs: [],
  decode: ({ body }) => [{ kind: 'sealed', bytes: body }],
  answer: answerJson,
  encode,
  send,
}

function encode(message: Message, agency: Agency): Encoded | Unsupported {
  const options = SmsOptions.parse(agency.options)
  const action = toldAction(message.action)
  if (action === undefined) return unsupported(`sms tells of no ${message.action}`)
  const numbers = numbersOf(message, options)
  if (numbers.length === 0) return unsupported('nobody is named, and the body has no number')
  if (numbers.length > mostPlaces) return unsupported(`more than ${mostPlaces} numbers`)
  const at = numbers.indexOf(null)
  if (at >= 0) return unsupported(`number ${at + 1} of ${numbers.length} is no Vietnamese number`)
  const template = options.texts[action] ?? usualTexts[action]
  const said = valuesOf(message)
    .map((row) => fill(template, row).trim())
    .join('\n')
  const text = options.diacritics ? said.normalize('NFC') : unmarked(said)
  const segments = segmentsOf(text)
  if (segments > options.maxSegments)
    return unsupported(`${segments} segments, of ${options.maxSegments} at most`)
  return {
    ...{ kind: 'encoded', seal: 'none', contentType: 'text/plain; charset=utf-8', body: Buffer.from(text) },
    headers: { to: numbers.join(',') },
  }
}

function numbersOf(message: Message, { to, toNamed, numberForm }: SmsOptions): readonly (string | null)[] {
  const all = [...to, ...(toNamed ? namedIn(message, 'SoDienThoai') : [])]
  return [...new Set(all.map((number) => numberIn(numberForm, number)))]
}

async function send(
  { deliveryId, encoded }: Parcel,
  { code, options: given }: Agency,
  transport: Transport,
  keys: AgencyKeys,
): Promise<Outcome> {
  const options = SmsOptions.parse(given)
  const [secret] = keys.secrets(secretName)
  if (secret === undefined && asksSecret(options)) return noSecret({ code }, secretName)
  const shared = {
    text: Buffer.from(encoded.body).toString('utf8'),
    time: writeDate(Date.now()),
    secret: secret ?? '',
    basic: Buffer.from(`${options.user}:${secret ?? ''}`).toString('base64'),
  }
  const numbers = (encoded.headers['to'] ?? '').split(',')
  const outcomes = numbers.map(async (to, at) => {
    const id = at === 0 ? deliveryId : `${deliveryId}-${at}`
    return saidOf(await transport.post(callOf(options, { ...shared, to, id })), options.success)
  })
  return together(await Promise.all(outcomes)) // at once: the time of a delivery is that of one call
}
