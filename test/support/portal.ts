import { createParty, type Party } from './parties.ts'
import type { Sink, SinkRequest } from './sink.ts'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'

export const portalPassword = 'mat-khau-cua-truc'

/** The national portal as a server of the adapter's envelope, played by a sink. */
export interface PlayedPortal {
  readonly core: Party
  readonly logins: () => number
  /** Calls of services, oldest first, as they came. */
  readonly calls: () => readonly Payload[]
  /** Ends every session that was given. */
  endSessions(): void
}

const bodyOf = ({ body }: SinkRequest) => JSON.parse(body.toString()) as Payload
const isLogin = ({ path }: SinkRequest) => path.includes('/login')

/** Answers of services by their names; a service that is not there succeeds without rows. */
export type PortalAnswers = Readonly<Record<string, (body: Payload) => Payload>>

/** `more`: options of the portal beside its account. */
export function playPortal(sink: Sink, answers: PortalAnswers = {}, more: object = {}): PlayedPortal {
  let session = 0
  const answer = (request: SinkRequest): Payload => {
    const body = bodyOf(request)
    if (isLogin(request)) {
      const isKnown = body['username'] === 'truc' && body['password'] === portalPassword
      if (isKnown) session += 1
      return isKnown ? { error_code: '00', session: `phien-${session}` } : { error_code: 1, message: 'Sai' }
    }
    if (body['session'] !== `phien-${session}`) return { error_code: 401, message: 'Hết phiên' }
    return answers[textOf(body['service'])]?.(body) ?? { error_code: 0, result: [] }
  }
  sink.answer((request) => ({ status: 200, body: JSON.stringify(answer(request)) }))
  const account = { url: sink.url, username: 'truc', dstcode: 'VN:GOV:000.00.00.G22:vpcpdvcprovider' }
  const portal = { ...account, ...more }
  return {
    core: createParty({ code: 'G22', dialect: 'adapter-envelope', options: { portal, timeoutMs: 5_000 } }),
    logins: () => sink.requests.filter(isLogin).length,
    calls: () => sink.requests.filter((request) => !isLogin(request)).map(bodyOf),
    endSessions: () => void (session += 1),
  }
}
