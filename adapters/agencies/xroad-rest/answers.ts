import type { Outcome } from '../../../schemas/outcome.ts'
import type { TransportAnswer, TransportFailure } from '../dialect.ts'
import { outcomeOf } from '../http-answers.ts'
import { isSame, partsOf } from './ids.ts'

type Meaning = 'fault' | 'retry' | 'ambiguous'

/** What an error of a security server means, by its type without case and underscores: both spellings are in use. The first that fits. */
const meanings: readonly (readonly [RegExp, Meaning])[] = [
  [/(accessdenied|unknownservice|unknownmember|sslauthenticationfailed|invalidsecurityserver)/, 'fault'],
  [/(servicefailed|networkerror|timedout|invalidbody)/, 'ambiguous'],
  [/^client\b/, 'fault'],
  [/./, 'retry'],
]

interface Asked {
  readonly id: string
  /** In one spelling. */
  readonly service: string
  readonly repeatable: boolean
}

const other = (header: string): Outcome => ({
  ...{ kind: 'in_doubt', code: 'other_answer', reason: `the answer has the ${header} of another request` },
})

/**
 * What became of a call. With X-Road-Error a security server speaks, else the service. Where the service may have been reached, and
 * does not tell repeats apart, it is in doubt; so is the answer to another question.
 */
export function outcomeOfAnswer(
  answer: TransportAnswer | TransportFailure,
  { id, service, repeatable }: Asked,
): Outcome {
  const outcome = outcomeOf(answer, { repeatable })
  if (!('headers' in answer)) return outcome
  const type = answer.headers['x-road-error']
  if (type !== undefined) return saidByServer(type, repeatable)
  if (outcome.kind !== 'delivered') return outcome
  const { 'x-road-id': echoed = id, 'x-road-service': answered = service } = answer.headers
  if (echoed !== id) return other('X-Road-Id')
  if (!isSame(service, partsOf(answered, 1, 16) ?? [])) return other('X-Road-Service')
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
