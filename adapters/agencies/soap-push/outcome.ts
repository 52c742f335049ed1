import { textOf } from '../../../schemas/fields.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { outcomeOf } from '../http-answers.ts'
import type { SoapAnswer } from './call.ts'
import type { Answer, Meaning, SoapOptions } from './options.ts'

/** Faults that say nothing of the message: another credential, another contract. What is not here may pass. */
const broken: readonly string[] = [
  ...['MustUnderstand', 'VersionMismatch', 'DataEncodingUnknown', 'ActionNotSupported'],
  ...['FailedAuthentication', 'InvalidSecurity', 'InvalidSecurityToken', 'FailedCheck'],
  ...['SecurityTokenUnavailable', 'UnsupportedSecurityToken', 'UnsupportedAlgorithm', 'MessageExpired'],
]
const usual: Readonly<Record<string, Meaning>> = {
  ...{ Client: 'refused', Sender: 'refused' },
  ...Object.fromEntries(broken.map((code) => [code, 'fault'])),
}

/** Statuses under which a fault travels; any other speaks for itself. */
const faultStatuses: readonly number[] = [200, 202, 400, 500]
const envelope = /^\s*(?:<\?xml[^>]*\?>)?\s*(?:<!--[\s\S]*?-->\s*)*<(?:[\w.-]+:)?Envelope[\s>]/

/** What an answer means, as the body's options read it. */
export function outcomeOfAnswer({ answer, body, fault }: SoapAnswer, options: SoapOptions): Outcome {
  if ('failure' in answer) return outcomeOf(answer, options)
  if (fault !== undefined && faultStatuses.includes(answer.status)) return outcomeOfFault(fault, options)
  const outcome = outcomeOf(answer, options)
  if (outcome.kind !== 'delivered' || answer.status > 299 || answer.body.byteLength === 0) return outcome
  if (!envelope.test(Buffer.from(answer.body).toString('utf8')))
    return unknown(options, 'the answer is not SOAP')
  return options.answer === undefined ? { kind: 'delivered' } : readBody(body, options.answer, options)
}

/** The recipient may have taken it: asked again only where it tells repeats apart. */
const unknown = ({ repeatable }: SoapOptions, reason: string): Outcome => ({
  ...{ kind: repeatable ? 'retry' : 'in_doubt', code: 'unreadable_answer', reason },
})

function readBody(body: unknown, answer: Answer, options: SoapOptions): Outcome {
  const within = answer.json === undefined ? body : parsed(textAt(body, answer.json))
  const code = textAt(within, answer.code).trim()
  const message = answer.message === undefined ? '' : textAt(within, answer.message)
  if (code === '' && message === '') return unknown(options, `the answer has no ${answer.code}`)
  const { codes, words, otherwise } = answer
  const listed = Object.hasOwn(codes, code) ? codes[code] : wordIn(message, words)
  return meant(listed ?? otherwise, `answer_${code}`, message)
}

const folded = (text: string): string => text.normalize('NFC').toLowerCase()

const wordIn = (message: string, words: Answer['words']): Meaning | undefined =>
  Object.entries(words).find(([word]) => folded(message).includes(folded(word)))?.[1]

/** SOAP 1.2 has the same under another name. */
const detailOf = (path: string): string => path.replace(/^detail\b/, 'Detail')

function outcomeOfFault(fault: unknown, { faults, faultCode, faultWords }: SoapOptions): Outcome {
  const own = faultCode === undefined ? [] : [faultCode, detailOf(faultCode)]
  const texts = [...own, 'Code.Subcode.Value', 'Code.Value', 'faultcode'].map((path) => textAt(fault, path))
  const codes = texts.map((text) => text.replace(/^.*:/, '').trim()).filter((code) => code !== '')
  const reason = textAt(fault, 'faultstring') || textAt(fault, 'Reason.Text')
  const named = codes.find((each) => Object.hasOwn(faults, each))
  const word = named === undefined ? wordIn(reason, faultWords) : undefined
  const code = named ?? codes.find((each) => Object.hasOwn(usual, each)) ?? codes[0] ?? ''
  const known =
    named === undefined ? (word ?? (Object.hasOwn(usual, code) ? usual[code] : undefined)) : faults[named]
  return meant(known ?? 'retry', `fault_${code}`, reason)
}

function meant(meaning: Meaning, code: string, message: string): Outcome {
  if (meaning === 'processed') return { kind: 'processed' }
  if (meaning === 'delivered' || meaning === 'known') return { kind: 'delivered' }
  const reason = message.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return { kind: meaning, code: code.slice(0, 64), reason: reason.slice(0, 500) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The text at a path of elements; the first of several of one name. An element with attributes keeps its text in `$value`. */
function textAt(value: unknown, path: string): string {
  let found = value
  for (const name of path.split('.')) found = ownOf(found, name)
  const first: unknown = Array.isArray(found) ? found[0] : found
  return textOf(ownOf(first, '$value') ?? first)
}

function ownOf(value: unknown, name: string): unknown {
  const from: unknown = Array.isArray(value) ? value[0] : value
  return typeof from === 'object' && from !== null && Object.hasOwn(from, name)
    ? (from as Readonly<Record<string, unknown>>)[name]
    : undefined
}
