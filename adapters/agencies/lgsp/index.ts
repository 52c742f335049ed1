import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message } from '../../../schemas/message.ts'
import { createWithToken, type Grant } from '../bearer.ts'
import type { AgencyKeys, Dialect, Encoded, Unsupported } from '../dialect.ts'
import { judged } from '../dossiers/judged.ts'
import { answerJson } from '../json-answer.ts'
import { accessHeaders } from './access.ts'
import { decodeRows } from './calls.ts'
import { door } from './door.ts'
import { LgspOptions } from './options.ts'
import { outgoingOf } from './outgoing.ts'

const answerBytes = 64 * 1024
const secret = z.string().min(1).max(512)

const withToken = createWithToken()

/**
 * The integration platform of a ministry or province (dvcqg §13, §14.1): dossiers, traces, statistics and votes, behind a token and,
 * at some, a header that shows the client again. A dossier is written whole each time; whether a step that is told twice counts
 * twice nobody says, so an ambiguous send is in doubt.
 */
export const lgsp: Dialect = {
  name: 'lgsp',
  mode: 'push',
  repeatable: false,
  options: LgspOptions,
  secrets: { 'client-secret': secret, 'secret-key': secret },
  address: ({ options }) => LgspOptions.parse(options).url ?? '',
  verbs: [],
  door,
  decode: (request, agency) => decodeRows(request, { agency, options: LgspOptions.parse(agency.options) }),
  answer: answerJson,
  encode,
  async send({ message, encoded }, agency, transport, keys) {
    const options = LgspOptions.parse(agency.options)
    const outgoing = outgoingOf(message, options)
    if (typeof outgoing === 'string') return { kind: 'unsendable', code: 'unsupported', reason: outgoing }
    const access = accessHeaders(options, keys.secrets('secret-key')[0] ?? '')
    const called = await withToken(grantOf(options, keys, access), transport, (token) =>
      transport.post({
        ...{ url: below(options.url, outgoing.path), body: encoded.body },
        ...{ timeoutMs: options.timeoutMs, maxAnswerBytes: answerBytes },
        headers: {
          ...{ accept: 'application/json', 'content-type': encoded.contentType, ...access },
          authorization: `Bearer ${token}`,
        },
      }),
    )
    if (called.kind === 'no_token') return called.outcome
    const names = { code: 'Status', message: 'Message' }
    return judged(called.answer, { names, accepted: options.acceptedCodes })
  },
}

const below = (url = '', path = ''): string => `${url.replace(/\/$/, '')}/${path}`

/** By its own id and secret, or by what the header shows. */
function grantOf(
  { url, serverUrl, clientId = '', credentialsAs, access, timeoutMs }: LgspOptions,
  keys: AgencyKeys,
  headers: Grant['headers'],
): Grant {
  const isByHeader = credentialsAs === 'headers'
  return {
    ...{ url: below(serverUrl ?? url, 'token'), credentialsAs, headers, timeoutMs },
    clientId: isByHeader ? (access?.AccessKey ?? '') : clientId,
    secrets: isByHeader ? keys.secrets('secret-key').slice(0, 1) : keys.secrets('client-secret'),
  }
}

function encode(message: Message, agency: Agency): Encoded | Unsupported {
  const options = LgspOptions.parse(agency.options)
  if (options.url === undefined) return { kind: 'unsupported', reason: 'the body has no url of a platform' }
  const outgoing = outgoingOf(message, options)
  if (typeof outgoing === 'string') return { kind: 'unsupported', reason: outgoing }
  const body = Buffer.from(JSON.stringify(outgoing.body))
  return { kind: 'encoded', seal: 'none', contentType: 'application/json; charset=utf-8', body, headers: {} }
}
