import type { Json } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import type { Called, Grant, WithToken } from '../bearer.ts'
import type { Encoded, Parcel, Transport, Unsupported } from '../dialect.ts'
import { encodedJson, unsupported } from '../encoded.ts'
import type { StreamedBody } from '../transport.ts'
import { judged, type Rule } from './judged.ts'

const answerBytes = 64 * 1024

/** The call that carries a message as JSON, or why there is none. */
export function encodedCall(outgoing: { readonly body: Json } | string): Encoded | Unsupported {
  return typeof outgoing === 'string' ? unsupported(outgoing) : encodedJson(outgoing.body)
}

/** A server behind tokens, and how it says what became of a call. */
export interface Api extends Rule {
  readonly grant: Grant
  readonly url: string
  /** Beside those that every call has. */
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly withToken: WithToken
  /** Told the body of an answer by which the call was taken, before its outcome counts. */
  readonly taken?: (body: Uint8Array) => Promise<void>
}

interface Sent {
  readonly contentType: string
  readonly body: Uint8Array
  readonly streamed?: StreamedBody | undefined
}

/** One call of such a server. */
export function postTo(
  { grant, url, headers, timeoutMs, withToken }: Api,
  { contentType: type, body, streamed }: Sent,
  transport: Transport,
): Promise<Called> {
  return withToken(grant, transport, (token) =>
    transport.post({
      ...{ url, body, streamed, timeoutMs, maxAnswerBytes: answerBytes },
      headers: {
        ...{ accept: 'application/json', 'content-type': type, ...headers },
        authorization: `Bearer ${token}`,
      },
    }),
  )
}

/** Whether the other side has it. */
export const isTaken = ({ kind }: Outcome): boolean => kind === 'delivered' || kind === 'processed'

/** Hands a message to such a server. */
export async function callApi(
  { encoded, streamed }: Pick<Parcel, 'encoded' | 'streamed'>,
  api: Api,
  transport: Transport,
): Promise<Outcome> {
  const called = await postTo(api, { ...encoded, streamed }, transport)
  if (called.kind === 'no_token') return called.outcome
  const outcome = judged(called.answer, api)
  if (isTaken(outcome) && 'body' in called.answer) await api.taken?.(called.answer.body)
  return outcome
}
