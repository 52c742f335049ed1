import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { readFields } from '../answer-json.ts'
import type { TransportAnswer, TransportFailure } from '../dialect.ts'
import { saysExists } from '../dossiers/said.ts'
import { outcomeOf } from '../http-answers.ts'

/** What an axis answers to every verb; `code` is empty where it cannot be read. */
interface AxisSaid {
  readonly code: string
  readonly reason: string
  readonly fields: Payload
}

function readAnswer(body: Uint8Array): AxisSaid {
  const fields = readFields(body)
  return {
    code: textOf(fields['ErrorCode'] ?? fields['code']),
    reason: textOf(fields['ErrorDesc'] ?? fields['message']).slice(0, 500),
    fields,
  }
}

/** Codes of an axis that say more than that it failed (edxml §8.3): a fault of the message, or of how we are registered there. */
const kinds: Readonly<Record<string, 'refused' | 'fault'>> = {
  '10': 'refused',
  '15': 'fault',
  '18': 'refused',
  '19': 'fault',
  '22': 'refused',
  '23': 'refused',
}

/** What became of a `sendEdoc`. A code that is not known may pass: a refusal cannot be taken back. */
export function outcomeOfSend(answer: TransportAnswer | TransportFailure): Outcome {
  const outcome = outcomeOf(answer, { repeatable: false })
  if (outcome.kind !== 'delivered' || !('body' in answer)) return outcome
  const { code, reason } = readAnswer(answer.body)
  if (code === '0' || saysExists(reason)) return { kind: 'delivered' }
  if (code === '')
    return { kind: 'in_doubt', code: 'unreadable_answer', reason: 'the answer has no ErrorCode' }
  const known = Object.hasOwn(kinds, code) ? kinds[code] : undefined
  return { kind: known ?? 'retry', code: `error_code_${code.slice(0, 32)}`, reason }
}

/** Codes with which an axis, or our registration there, fails for now (edxml §8.3). */
const passing: readonly string[] = ['15', '19', '20', '21']

/** Statuses of a server that has no such verb. */
const verbless: readonly number[] = [404, 405, 501]

/** The fields of an answer; null where the axis has no such verb, or says that it will not. Throws `unavailable` where it may yet. */
export function fieldsIfTold(answer: TransportAnswer | TransportFailure): Payload | null {
  if ('failure' in answer) throw unavailable(answer.code)
  if (verbless.includes(answer.status)) return null
  if (answer.status !== 200 && answer.status !== 201) throw unavailable(`http_${answer.status}`)
  const { code, reason, fields } = readAnswer(answer.body)
  if (passing.includes(code)) throw unavailable(`ErrorCode ${code}: ${reason}`)
  return code === '0' ? fields : null
}

/** The fields of an answer that is asked for. Throws `unavailable` where it did not come or is none of success. */
export function fieldsOf(answer: TransportAnswer | TransportFailure): Payload {
  if ('failure' in answer) throw unavailable(answer.code)
  if (answer.status !== 200 && answer.status !== 201) throw unavailable(`http_${answer.status}`)
  const { code, reason, fields } = readAnswer(answer.body)
  if (code !== '0') throw unavailable(`ErrorCode ${code.slice(0, 32)}: ${reason}`)
  return fields
}

export const unavailable = (reason: string): GatewayError => new GatewayError('unavailable', { reason })
