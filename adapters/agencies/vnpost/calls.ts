import { textOf } from '../../../schemas/fields.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { readFields } from '../answer-json.ts'
import { createWithToken, type Called } from '../bearer.ts'
import type { AgencyKeys, Transport, TransportAnswer, TransportFailure } from '../dialect.ts'
import { outcomeOf } from '../http-answers.ts'
import type { VnpostOptions } from './options.ts'

export const secretName = 'vnpost'
const answerBytes = 1024 * 1024

const withToken = createWithToken()

interface Way {
  readonly options: VnpostOptions
  readonly transport: Transport
  readonly keys: AgencyKeys
}

/** Calls the postal service with a token, which is kept as long as it is good. */
export function callPost(
  call: { readonly method: 'GET' | 'POST'; readonly url: string; readonly body: Uint8Array },
  { options, transport, keys }: Way,
): Promise<Called> {
  const { variant, tokenType, timeoutMs, key = '', tokenUrl: url = '' } = options
  const basic = {
    clientId: key,
    secrets: keys.secrets(secretName),
    credentialsAs: 'basic',
    headers: {},
  } as const
  return withToken({ url, timeoutMs, ...basic }, transport, (token) =>
    transport.post({
      ...{ ...call, timeoutMs, maxAnswerBytes: answerBytes },
      headers: {
        accept: 'application/json',
        ...(call.method === 'POST' ? { 'content-type': 'application/json; charset=utf-8' } : {}),
        ...(variant === 'td' ? { access_token: token } : { authorization: `${tokenType} ${token}` }),
      },
    }),
  )
}

/** An address with a query; what it has already stays. */
export function withQuery(url: string, query: Readonly<Record<string, string>>): string {
  const target = new URL(url)
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value)
  return target.href
}

/** How success is told: by 201 alone, or by the status in the answer. */
const isTaken: Readonly<
  Record<VnpostOptions['variant'], (answer: TransportAnswer, status: string) => boolean>
> = {
  ngsp: ({ status }) => status === 201,
  td: (_answer, status) => status === '100',
}

/** What the postal service says of an order or its end. An answer that has neither its status nor 201 does not say what became of it. */
export function outcomeOfOrder(
  answer: TransportAnswer | TransportFailure,
  { variant }: Pick<VnpostOptions, 'variant'>,
): Outcome {
  const outcome = outcomeOf(answer, { repeatable: false })
  if (outcome.kind !== 'delivered' || !('body' in answer)) return outcome
  const { Status: status, Message: message } = readFields(answer.body)
  const said = textOf(status).trim()
  if (isTaken[variant](answer, said)) return { kind: 'delivered' }
  if (said === '')
    return { kind: 'in_doubt', code: 'unreadable_answer', reason: `HTTP ${answer.status} without a Status` }
  return {
    kind: 'refused',
    code: `post_${said.replace(/[^\w.-]/g, '').slice(0, 32)}`,
    reason: textOf(message).slice(0, 500),
  }
}
