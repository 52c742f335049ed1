import type { Outcome } from '../../../schemas/outcome.ts'
import type { TransportAnswer, TransportFailure } from '../dialect.ts'
import { outcomeOf } from '../http-answers.ts'

type Meaning = 'fault' | 'retry' | 'ambiguous'

/** What an error of a security server means, by its type without case and underscores: both spellings are in use. The first that fits. */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/(accessdenied|unknownservice|unknownmember|sslauthenticationfailed|invalidsecurityserver)/, 'fault'],
  [/(servicefailed|networkerror|timedout|invalidbody)/, 'ambiguous'],
  [/^client\b/, 'fault'],
  [/./, 'retry'],
]

/**
 * What became of a call. With X-Road-Error a security server speaks, else the service. Where the service may have been reached, and
 * does not tell repeats apart, it is in doubt; so is the answer to another question.
 */
export function outcomeOfAnswer(
  answer: TransportAnswer | TransportFailure,
  { id, repeatable }: { readonly id: string; readonly repeatable: boolean },
): Outcome {
  const outcome = outcomeOf(answer, { repeatable })
  if (!('headers' in answer)) return outcome
  const type = answer.headers['x-road-error']
  if (type !== undefined) return saidByServer(type, repeatable)
  const echoed = answer.headers['x-road-id']
  if (outcome.kind === 'delivered' && echoed !== undefined && echoed !== id)
    return {
      kind: 'in_doubt',
      code: 'other_answer',
      reason: 'the answer has the X-Road-Id of another request',
    }
  return outcome
}

function saidByServer(type: string, repeatable: boolean): Outcome {
  const folded = type.toLowerCase().replace(/_/g, '')
  const meaning = meanings.find(([pattern]) => pattern.test(folded))?.[1] ?? 'retry'
  const kind = meaning === 'ambiguous' ? (repeatable ? 'retry' : 'in_doubt') : meaning
  return {
    kind,
    code: `xroad_${type.replace(/[^\w.]/g, '').slice(0, 100)}`,
    reason: 'said by the security server',
  }
}
