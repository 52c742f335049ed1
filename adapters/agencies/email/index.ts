import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { AgencyKeys, Dialect, Encoded, Parcel, Transport, Unsupported } from '../dialect.ts'
import { unsupported } from '../encoded.ts'
import { outcomeOf } from '../http-answers.ts'
import { answerJson } from '../json-answer.ts'
import { noSecret } from '../no-secret.ts'
import { toldAction, valuesOf } from '../notices/notice.ts'
import { mostPlaces, namedIn } from '../notices/people.ts'
import { fill, fillLines } from '../template.ts'
import { EmailOptions } from './options.ts'
import { usualTexts } from './texts.ts'

const secretName = 'smtp'
const answerBytes = 4_096
const subjectLength = 200

/**
 * Notices and the progress of dossiers by mail (RFC 5321, 5322). A repeat has the Message-ID of the first time, by which the
 * recipient's system and its reader know it, so an ambiguous send is repeated.
 */
export const email: Dialect = {
  name: 'email',
  mode: 'push',
  repeatable: true,
  options: EmailOptions,
  address: ({ options }) => EmailOptions.parse(options).url,
  secrets: { [secretName]: z.string().min(1).max(500) },
  verbs: [],
  decode: ({ body }) => [{ kind: 'sealed', bytes: body }],
  answer: answerJson,
  encode,
  send,
}

function encode(message: Message, { options }: Agency): Encoded | Unsupported {
  const { from, to, toNamed, texts } = EmailOptions.parse(options)
  const action = toldAction(message.action)
  if (action === undefined) return unsupported(`email tells of no ${message.action}`)
  const named = toNamed ? namedIn(message, 'Email') : []
  const fault = faultIn([...to, ...named])
  if (fault !== null) return unsupported(fault)
  const { subject, text } = texts[action] ?? usualTexts[action]
  const rows = valuesOf(message)
  const headers = {
    ...{ from, ...(to.length === 0 ? {} : { to: to.join(', ') }) },
    ...(named.length === 0 ? {} : { bcc: named.join(', ') }),
    subject: fill(subject, rows.at(-1) ?? {}).slice(0, subjectLength),
    'auto-submitted': 'auto-generated',
  }
  const body = Buffer.from(rows.map((row) => fillLines(text, row)).join('\n\n---\n\n'))
  return { kind: 'encoded', seal: 'none', contentType: 'text/plain; charset=utf-8', body, headers }
}

/** An address is taken as it is or not at all: what a list of them could be read from goes nowhere. */
function faultIn(addresses: readonly string[]): string | null {
  if (addresses.length === 0) return 'nobody is named, and the body has no address'
  if (addresses.length > mostPlaces) return `more than ${mostPlaces} addresses`
  const isGood = (address: string) => z.email().max(200).safeParse(address).success
  const at = addresses.findIndex((address) => !isGood(address))
  return at < 0 ? null : `address ${at + 1} of ${addresses.length} is none`
}

async function send(
  { deliveryId, encoded }: Parcel,
  { code, options }: Agency,
  transport: Transport,
  keys: AgencyKeys,
): Promise<Outcome> {
  const { url, from, user, timeoutMs } = EmailOptions.parse(options)
  const [password] = keys.secrets(secretName)
  if (user !== undefined && password === undefined) return noSecret({ code }, secretName)
  const login = Buffer.from(`${user}:${password}`).toString('base64')
  const answer = await transport.post({
    ...{ url, timeoutMs, body: encoded.body, maxAnswerBytes: answerBytes },
    headers: {
      ...encoded.headers,
      'message-id': `<${deliveryId}@${from.split('@')[1]}>`,
      ...(user === undefined ? {} : { authorization: `Basic ${login}` }),
    },
  })
  const outcome = outcomeOf(answer, { repeatable: true })
  const reply = 'headers' in answer ? answer.headers['smtp-reply'] : undefined
  return 'code' in outcome && reply !== undefined ? { ...outcome, code: `smtp_${reply}` } : outcome
}
