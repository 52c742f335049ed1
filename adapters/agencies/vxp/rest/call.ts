import type { Payload } from '../../../../schemas/message.ts'
import type { Outcome } from '../../../../schemas/outcome.ts'
import { createWithToken, type Called, type Grant } from '../../bearer.ts'
import type { Parcel } from '../../dialect.ts'
import { below } from '../../paths.ts'
import { fieldsOf, outcomeOfSend, unavailable } from '../answer.ts'
import { secretName, type Axis, type Asked } from '../axis.ts'
import { VxpOptions } from '../options.ts'

type Provincial = Pick<Axis, 'agency' | 'transport' | 'keys'>

interface Call {
  /** Below `url`. */
  readonly path: string
  readonly contentType?: string
  readonly rest: Asked['rest']
}

const withToken = createWithToken()

/** Calls with a token, and with the system's id and key beside it (edxml §8.3). */
function callApi(
  { agency, transport, keys }: Provincial,
  { path, contentType, rest }: Call,
): Promise<Called> {
  const { url = '', username, applicationCode, systemId, timeoutMs } = VxpOptions.parse(agency.options)
  const grant: Grant = {
    ...{ url: below(url, 'auth/login?allow_anonymous=true'), credentialsAs: 'login', headers: {}, timeoutMs },
    ...{ clientId: username, secrets: keys.secrets('password') },
    fields: { applicationCode, otp: '', twoFactorProvider: '', typeObjs: [] },
  }
  const system = { 'x-systemid': systemId, 'x-secretkey': keys.secrets(secretName)[0] ?? '' }
  const type = contentType === undefined ? {} : { 'content-type': contentType }
  return withToken(grant, transport, (token) =>
    transport.post({
      ...{ url: below(url, path), timeoutMs, maxAnswerBytes: 1024 * 1024, body: new Uint8Array(0), ...rest },
      headers: { accept: 'application/json', ...system, ...type, authorization: `Bearer ${token}` },
    }),
  )
}

/** The fields of what is asked for. Throws `unavailable` where no token or no success is given. */
export async function askApi(axis: Provincial, call: Call): Promise<Payload> {
  const called = await callApi(axis, call)
  if (called.kind === 'no_token') throw unavailable('no token')
  return fieldsOf(called.answer)
}

/** The axis tells no repeats apart: an ambiguous send is in doubt (edxml §11.15). */
export async function sendForm({ encoded, streamed }: Parcel, axis: Provincial): Promise<Outcome> {
  const rest = { body: encoded.body, streamed }
  const called = await callApi(axis, { path: 'sendEdoc', contentType: encoded.contentType, rest })
  return called.kind === 'no_token' ? called.outcome : outcomeOfSend(called.answer)
}
