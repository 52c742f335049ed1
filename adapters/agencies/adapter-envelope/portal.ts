import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { TransportAnswer, TransportFailure } from '../dialect.ts'
import type { Partner } from '../poll.ts'
import { readFields } from '../answer-json.ts'
import { createHeldTokens, type Token } from '../held-tokens.ts'
import { readSaid } from '../dossiers/said.ts'
import type { PortalOptions } from './options.ts'

/** Name of the secret that opens the account at the portal. */
export const portalPassword = 'portal-password'

/** A whole list of procedures is several MB (dvcqg §6.1). */
const answerBytes = 16 * 1024 * 1024

/** One call of a service at the portal; the session is put to it. */
export interface ServiceCall {
  readonly path: 'servicePath' | 'sharePath'
  readonly body: Payload
  readonly timeoutMs: number
}

/** The portal of a body as it is reached. */
export interface PortalPartner extends Pick<Partner, 'agency' | 'transport' | 'keys'> {
  readonly portal: PortalOptions
}

type Answer = TransportAnswer | TransportFailure
export type CallPortal = (call: ServiceCall, partner: PortalPartner) => Promise<Answer>

/**
 * Calls services of the portal as a client of it: logs in, uses the session for its time, and logs in anew, once, where the portal says
 * that it is over. Those who call meanwhile share a login. `now` in ms.
 */
export function createPortalClient(now: () => number): CallPortal {
  const sessions = createHeldTokens<TransportFailure>(now)

  async function call(asked: ServiceCall, partner: PortalPartner, mayRenew: boolean): Promise<Answer> {
    const session = await sessions.take(keyOf(partner), () => login(partner, now()))
    if ('failure' in session) return session
    const body = { session: session.value, ...asked.body }
    const answer = await post(partner, partner.portal[asked.path], { body, timeoutMs: asked.timeoutMs })
    if (!mayRenew || !saysExpired(answer, partner.portal)) return answer
    sessions.forget(keyOf(partner), session)
    return call(asked, partner, false)
  }

  return (asked, partner) => call(asked, partner, true)
}

const keyOf = ({ agency, portal: { url, username } }: PortalPartner): string =>
  JSON.stringify([agency.code, url, username])

/** Whether an answer is that of a session that is over: such a call had no effect. */
export const saysExpired = (answer: Answer, { expiredCodes }: PortalOptions): boolean =>
  'body' in answer && (answer.status === 401 || expiredCodes.includes(readSaid(answer.body).code))

/** Tries the values of the secret, newest first: while it is changed the portal may know the former. */
async function login(partner: PortalPartner, at: number): Promise<Token | TransportFailure> {
  const { portal, keys } = partner
  let last: TransportFailure = refusedLogin(`no secret ${portalPassword}`)
  for (const password of keys.secrets(portalPassword)) {
    const body = { username: portal.username, password }
    const answer = await post(partner, portal.loginPath, { body, timeoutMs: 10_000 })
    if ('failure' in answer) return { ...answer, failure: unsentBy[answer.failure] }
    if (answer.status >= 500)
      return { failure: 'unsent', code: `login_http_${answer.status}`, reason: 'no login' }
    const value = textOf(readFields(answer.body)['session'])
    if (value !== '') return { value, until: at + portal.sessionMinutes * 60_000 }
    last = refusedLogin(readSaid(answer.body).message.slice(0, 200))
  }
  return last
}

/** Whatever became of a login, nothing of the message was sent. */
const unsentBy = { unsent: 'unsent', ambiguous: 'unsent', configuration: 'configuration' } as const

const refusedLogin = (reason: string): TransportFailure => ({
  failure: 'configuration',
  code: 'login_refused',
  reason,
})

function post(
  { portal, transport }: PortalPartner,
  path: string,
  { body, timeoutMs }: { readonly body: Payload; readonly timeoutMs: number },
): Promise<Answer> {
  return transport.post({
    url: `${portal.url}${path}`,
    headers: {
      ...{ accept: 'application/json', 'content-type': 'application/json', charset: 'utf-8' },
      ...(portal.dstcode === '' ? {} : { dstcode: portal.dstcode }),
    },
    body: Buffer.from(JSON.stringify(body)),
    timeoutMs,
    maxAnswerBytes: answerBytes,
  })
}
