import type { Outcome } from '../../../schemas/outcome.ts'
import { jsonIn } from '../answer-json.ts'
import type { TransportAnswer, TransportFailure } from '../dialect.ts'
import { outcomeOf } from '../http-answers.ts'
import { readSaid, saysExists, type ServerSaid } from './said.ts'

export interface Rule {
  /** Names of the code and the message in the answer's body. */
  readonly names: ServerSaid
  /** Codes that mean success. */
  readonly accepted: readonly string[]
}

/**
 * What a server with meaningful HTTP codes has said. One that has the dossier already needs it no more. A code in the body of a 2xx
 * counts as the HTTP code that it looks like; any other that is no success is a refusal. A page, such as a proxy's, says nothing of the call.
 */
export function judged(answer: TransportAnswer | TransportFailure, { names, accepted }: Rule): Outcome {
  const outcome = outcomeOf(answer, { repeatable: false })
  if ('failure' in answer || !['delivered', 'refused'].includes(outcome.kind)) return outcome
  if (outcome.kind === 'delivered' && answer.status < 300 && !isAnswer(answer))
    return { kind: 'in_doubt', code: 'unclear_answer', reason: 'the answer is no JSON' }
  const { code, message } = readSaid(answer.body, names)
  if (saysExists(message)) return { kind: 'delivered' }
  if (outcome.kind === 'refused') return { ...outcome, reason: message.slice(0, 500) || outcome.reason }
  if (answer.status > 299 || code === '' || accepted.includes(code)) return outcome
  if (/^[345]\d\d$/.test(code)) return outcomeOf({ ...answer, status: Number(code) }, { repeatable: false })
  return { kind: 'refused', code: `code_${code.slice(0, 32)}`, reason: message.slice(0, 500) }
}

/** Nothing at all is an answer too: the status alone says it. */
const isAnswer = ({ body }: TransportAnswer): boolean => body.byteLength === 0 || jsonIn(body) !== undefined
