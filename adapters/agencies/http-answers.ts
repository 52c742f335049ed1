import type { Outcome } from '../../schemas/outcome.ts'
import type { TransportAnswer, TransportFailure } from './dialect.ts'

type Meaning = 'delivered' | 'refused' | 'retry' | 'fault'

/**
 * What a recipient's HTTP status means. A credential, address or method that is refused is a fault of configuration on
 * their side: one expired credential must not refuse a backlog. 409 = it already had this delivery.
 */
const meanings: Readonly<Record<number, Meaning>> = {
  400: 'refused',
  409: 'delivered',
  410: 'refused',
  413: 'refused',
  415: 'refused',
  422: 'refused',
  408: 'retry',
  425: 'retry',
  429: 'retry',
  401: 'fault',
  403: 'fault',
  404: 'fault',
  405: 'fault',
  407: 'fault',
}

const byHundreds: Readonly<Record<number, Meaning>> = { 2: 'delivered', 3: 'fault', 4: 'refused', 5: 'retry' }

/** The meaning of a status; what is not named goes by its hundreds, and what is no HTTP status is retried. */
function meaningOf(status: number): Meaning {
  return meanings[status] ?? byHundreds[Math.floor(status / 100)] ?? 'retry'
}

/** Turns a recipient's answer into an outcome. `said` is what its body says on success, where the dialect can read it. */
export function outcomeOf(
  answer: TransportAnswer | TransportFailure,
  { repeatable, said }: { readonly repeatable: boolean; readonly said: (answer: TransportAnswer) => Outcome },
): Outcome {
  if ('failure' in answer) return failures[answer.failure](answer, repeatable)
  const code = `http_${answer.status}`
  const rows: Record<Meaning, () => Outcome> = {
    delivered: () => said(answer),
    refused: () => ({ kind: 'refused', code, reason: excerpt(answer.body) }),
    retry: () => ({ kind: 'retry', code, reason: `HTTP ${answer.status}`, ...retryAfter(answer) }),
    fault: () => ({ kind: 'fault', code, reason: `HTTP ${answer.status}` }),
  }
  return rows[meaningOf(answer.status)]()
}

const failures: Record<
  TransportFailure['failure'],
  (failure: TransportFailure, repeatable: boolean) => Outcome
> = {
  unsent: ({ code, reason }) => ({ kind: 'retry', code, reason }),
  configuration: ({ code, reason }) => ({ kind: 'fault', code, reason }),
  ambiguous: ({ code, reason }, repeatable) => ({ kind: repeatable ? 'retry' : 'in_doubt', code, reason }),
}

function retryAfter({ headers }: TransportAnswer): { afterSeconds?: number } {
  const seconds = Number(headers['retry-after'])
  return Number.isInteger(seconds) && seconds > 0 ? { afterSeconds: seconds } : {}
}

/** The start of a refusal's text: enough to act on, bounded, printable. */
function excerpt(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, 2048)).toString('utf8')
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500)
}
