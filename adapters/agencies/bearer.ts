import { z } from 'zod'
import type { Payload } from '../../schemas/message.ts'
import type { Outcome } from '../../schemas/outcome.ts'
import { jsonIn } from './answer-json.ts'
import type { Transport, TransportAnswer, TransportFailure } from './dialect.ts'
import { createHeldTokens, type Token } from './held-tokens.ts'
import { outcomeOf } from './http-answers.ts'

/** How a client shows its id and secret to an OAuth 2 token endpoint (RFC 6749 §2.3.1, §4.4; JSON is a habit of some). */
export const credentialsAs = z.enum(['form', 'json', 'basic']).default('form')
type Way = z.infer<typeof credentialsAs> | 'headers' | 'login'

/** What a token is asked for with. */
export interface Grant {
  readonly url: string
  readonly clientId: string
  /** Newest first: two or more while the secret is changed. */
  readonly secrets: readonly string[]
  /** `headers`: the grant's own headers show them. `login`: as name and password of a person, in JSON. */
  readonly credentialsAs: Way
  /** Beside those that every token request has. */
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number
  /** What a `login` asks for beside name and password. */
  readonly fields?: Payload
}

type Answer = TransportAnswer | TransportFailure

/** What a call with a token came to; without a token it is never made. */
export type Called =
  | { readonly kind: 'called'; readonly answer: Answer }
  | { readonly kind: 'no_token'; readonly outcome: Outcome }

/** Calls with tokens, which are kept until shortly before they end and are renewed once where one is refused. */
export type WithToken = (
  grant: Grant,
  transport: Transport,
  call: (token: string) => Promise<Answer>,
) => Promise<Called>

const Given = z.looseObject({
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/), // it becomes a header
  expires_in: z.coerce.number().min(0).max(31_536_000).catch(300),
})
type Given = z.infer<typeof Given>

/** A login answers `data.token`, some with its life beside; half an hour is common (edxml §8.3). */
const LoggedIn = z
  .object({ data: z.looseObject({ token: z.string(), expiresIn: z.coerce.number().catch(1_800) }) })
  .transform(({ data }) => ({ access_token: data.token, expires_in: data.expiresIn }))

const answerBytes = 64 * 1024

/** Tokens are held in this process alone; calls that need one at once share the request for it. `now` in ms. */
export function createWithToken(now: () => number = Date.now): WithToken {
  const tokens = createHeldTokens<Outcome>(now)

  return async (grant, transport, call) => {
    const key = `${grant.url} ${grant.clientId}`
    const take = () => tokens.take(key, () => ask(grant, transport, now))
    const token = await take()
    if ('kind' in token) return { kind: 'no_token', outcome: token }
    const answer = await call(token.value)
    if ('failure' in answer || answer.status !== 401) return { kind: 'called', answer }
    tokens.forget(key, token)
    const renewed = await take()
    if ('kind' in renewed) return { kind: 'no_token', outcome: renewed }
    return { kind: 'called', answer: await call(renewed.value) }
  }
}

/** A minute, or a tenth of a shorter life, before its end: a call may be under way for a while. */
const usableMs = ({ expires_in: seconds }: Given): number => (seconds - Math.min(60, seconds / 10)) * 1000

/** Tries the secrets in turn: a client that was given a new one may still be known by the one before. */
async function ask(grant: Grant, transport: Transport, now: () => number): Promise<Token | Outcome> {
  let outcome: Outcome = { kind: 'fault', code: 'no_secret', reason: 'no client id or secret is put' }
  for (const secret of grant.clientId === '' ? [] : grant.secrets) {
    const answer = await transport.post({
      ...{ url: grant.url, timeoutMs: grant.timeoutMs, maxAnswerBytes: answerBytes },
      ...requestOf(grant, secret),
    })
    const given = 'failure' in answer ? undefined : readGiven(answer)
    if (given !== undefined) return { value: given.access_token, until: now() + usableMs(given) }
    outcome = refusal(answer)
    if (outcome.kind !== 'fault') break
  }
  return outcome
}

function readGiven({ status, body }: TransportAnswer): Given | undefined {
  if (status < 200 || status > 299) return undefined
  const answer = jsonIn(body)
  return Given.safeParse(LoggedIn.safeParse(answer).data ?? answer).data
}

/** Nothing of the message has gone: it waits for a token, or for a person where its credential is refused. */
function refusal(answer: Answer): Outcome {
  const outcome = outcomeOf(answer, { repeatable: true })
  if (outcome.kind === 'retry') return outcome
  const code = 'failure' in answer ? answer.code : `token_http_${answer.status}`
  return { kind: 'fault', code, reason: 'the token endpoint gives no token' }
}

function requestOf(
  { clientId, credentialsAs: way, headers, fields }: Grant,
  secret: string,
): { readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array } {
  const own = { grant_type: 'client_credentials', client_id: clientId, client_secret: secret }
  const form = (fields: Readonly<Record<string, string>>) => new URLSearchParams(fields).toString()
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(secret)}`).toString(
    'base64',
  )
  const ways = {
    form: { type: 'application/x-www-form-urlencoded', text: form(own), more: {} },
    json: { type: 'application/json', text: JSON.stringify(own), more: {} },
    login: {
      type: 'application/json',
      text: JSON.stringify({ username: clientId, password: secret, ...fields }),
      more: {},
    },
    headers: {
      type: 'application/x-www-form-urlencoded',
      text: form({ grant_type: own.grant_type }),
      more: {},
    },
    basic: {
      type: 'application/x-www-form-urlencoded',
      text: form({ grant_type: own.grant_type }),
      more: { authorization: `Basic ${basic}` },
    },
  }
  const { type, text, more } = ways[way]
  return {
    headers: { accept: 'application/json', ...headers, 'content-type': type, ...more },
    body: Buffer.from(text),
  }
}
