import { textOf } from '../../../schemas/fields.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { readFields } from '../answer-json.ts'
import type { Transport, TransportAnswer, TransportFailure } from '../dialect.ts'
import { outcomeOf } from '../http-answers.ts'

const answerBytes = 64 * 1024

/** A call to a partner, whose answer is JSON. */
export interface Call {
  readonly url: string
  readonly body: object
  readonly timeoutMs: number
  readonly maxAnswerBytes?: number
}

export const post = (transport: Transport, { url, body, timeoutMs, maxAnswerBytes = answerBytes }: Call) =>
  transport.post({
    ...{ url, timeoutMs, maxAnswerBytes },
    headers: { accept: 'application/json', 'content-type': 'application/json; charset=utf-8' },
    body: Buffer.from(JSON.stringify(body)),
  })

/** What a partner says of a call: both empty where it cannot be read. */
export interface PartnerSaid {
  readonly code: string
  readonly sentence: string
}

/** Names under which partners spell a code and a sentence (dvcqg §17). */
const codeNames = ['MaLoi', 'error_code', 'return_code', 'error']
const sentenceNames = ['MoTaLoi', 'error_message', 'return_msg', 'message', 'msg']

/** Reads a code and a sentence, as text or bare. */
export function readSaid(body: Uint8Array): PartnerSaid {
  const said = readFields(body)
  const first = (names: readonly string[]) =>
    names.map((name) => textOf(said[name])).find((text) => text !== '') ?? ''
  return { code: first(codeNames), sentence: first(sentenceNames) }
}

/**
 * What became of a call. Partners tell repeats apart by the reference, so an ambiguous one is repeated. A text without a code, such as a
 * proxy's page, does not say what became of it.
 */
export function outcomeFrom(
  answer: TransportAnswer | TransportFailure,
  acceptedCodes: readonly string[],
): Outcome {
  const outcome = outcomeOf(answer, { repeatable: true })
  if (outcome.kind !== 'delivered' || !('body' in answer) || answer.body.byteLength === 0) return outcome
  const { code, sentence } = readSaid(answer.body)
  if (acceptedCodes.includes(code)) return outcome
  if (code === '') return { kind: 'in_doubt', code: 'unreadable_answer', reason: 'the answer has no code' }
  return { kind: 'refused', code: `code_${code.slice(0, 32)}`, reason: sentence.slice(0, 500) }
}
