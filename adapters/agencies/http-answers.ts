import { z } from 'zod'
import type { Outcome } from '../../schemas/outcome.ts'
import { jsonIn } from './answer-json.ts'
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

/** A 4xx that is not named says nothing of the message (a proxy's 495, a firewall's 406): retried, for a refusal cannot be taken back. */
const byHundreds: Readonly<Record<number, Meaning>> = { 2: 'delivered', 3: 'fault', 4: 'fault', 5: 'retry' }

/** The meaning of a status; what is not named goes by its hundreds, and what is no HTTP status is retried. */
function meaningOf(status: number): Meaning {
  return meanings[status] ?? byHundreds[Math.floor(status / 100)] ?? 'retry'
}

/** What a recipient may say beyond its status: its system's own answer, at once. */
const Said = z.object({
  outcome: z.enum(['processed', 'refused']),
  code: z.string().max(64).default('refused_by_recipient'),
  reason: z.string().max(500).default(''),
})

/** Turns a recipient's answer into an outcome; on success its JSON may say `processed` or `refused` at once. */
export function outcomeOf(
  answer: TransportAnswer | TransportFailure,
  { repeatable }: { readonly repeatable: boolean },
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

/** A 409 tells of the first time: what it says beside is not the answer to it. */
function said({ body, status }: TransportAnswer): Outcome {
  const answer = status === 409 ? undefined : Said.safeParse(jsonIn(body)).data
  if (answer?.outcome === 'refused')
    return { kind: 'refused', code: printable(answer.code), reason: printable(answer.reason) }
  return { kind: answer?.outcome ?? 'delivered' }
}

const failures: Record<
  TransportFailure['failure'],
  (failure: TransportFailure, repeatable: boolean) => Outcome
> = {
  unsent: ({ code, reason }) => ({ kind: 'retry', code, reason }),
  configuration: ({ code, reason }) => ({ kind: 'fault', code, reason }),
  ambiguous: ({ code, reason }, repeatable) => ({ kind: repeatable ? 'retry' : 'in_doubt', code, reason }),
}

/** Seconds, or a date, which is read by the answer's own clock; `workers/clocks` bounds it. */
function retryAfter({ headers }: TransportAnswer): { afterSeconds?: number } {
  const text = headers['retry-after'] ?? ''
  const until = (Date.parse(text) - Date.parse(headers['date'] ?? '')) / 1000
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil(until)
  return seconds > 0 ? { afterSeconds: seconds } : {}
}

/** The start of a refusal's text: enough to act on, bounded, printable. */
function excerpt(body: Uint8Array): string {
  return printable(Buffer.from(body.subarray(0, 2048)).toString('utf8'))
}

function printable(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500)
}
