import type { Json } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Grant, WithToken } from '../bearer.ts'
import type { Encoded, Parcel, Transport, Unsupported } from '../dialect.ts'
import { judged, type Rule } from './judged.ts'

const contentType = 'application/json; charset=utf-8'
const answerBytes = 64 * 1024

/** The call that carries a message as JSON, or why there is none. */
export function encodedCall(outgoing: { readonly body: Json } | string): Encoded | Unsupported {
  if (typeof outgoing === 'string') return { kind: 'unsupported', reason: outgoing }
  const body = Buffer.from(JSON.stringify(outgoing.body))
  return { kind: 'encoded', seal: 'none', contentType, body, headers: {} }
}

/** A server behind tokens, and how it says what became of a call. */
export interface Api extends Rule {
  readonly grant: Grant
  readonly url: string
  /** Beside those that every call has. */
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly withToken: WithToken
}

/** Hands a message to such a server. */
export async function callApi(
  { encoded, streamed }: Parcel,
  { grant, url, headers, timeoutMs, withToken, ...rule }: Api,
  transport: Transport,
): Promise<Outcome> {
  const called = await withToken(grant, transport, (token) =>
    transport.post({
      ...{ url, body: encoded.body, streamed, timeoutMs, maxAnswerBytes: answerBytes },
      headers: {
        ...{ accept: 'application/json', 'content-type': encoded.contentType, ...headers },
        authorization: `Bearer ${token}`,
      },
    }),
  )
  return called.kind === 'no_token' ? called.outcome : judged(called.answer, rule)
}
