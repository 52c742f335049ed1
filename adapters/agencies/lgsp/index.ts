import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message } from '../../../schemas/message.ts'
import { createWithToken, type Grant } from '../bearer.ts'
import type { AgencyKeys, Dialect, Encoded, Unsupported } from '../dialect.ts'
import { callApi, encodedCall } from '../dossiers/api.ts'
import { answerJson } from '../json-answer.ts'
import { accessHeaders } from '../lgsp-access.ts'
import { below } from '../paths.ts'
import { withFiles } from './attachments.ts'
import { decodeRows } from './calls.ts'
import { door } from './door.ts'
import { LgspOptions } from './options.ts'
import { outgoingOf } from './outgoing.ts'
import { bodyOf, callRows } from './rows.ts'

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
  async send(parcel, agency, transport, keys) {
    const options = LgspOptions.parse(agency.options)
    const outgoing = outgoingOf(parcel.message, options)
    if (typeof outgoing === 'string') return { kind: 'unsendable', code: 'unsupported', reason: outgoing }
    const headers = accessHeaders(options, keys.secrets('secret-key')[0] ?? '')
    const grant = grantOf(options, keys, headers)
    const api = { grant, headers, url: below(options.url, outgoing.path), timeoutMs: options.timeoutMs }
    const rule = { names: { code: 'Status', message: 'Message' }, accepted: options.acceptedCodes }
    const { rowsPerCall } = options
    return outgoing.rows.length > rowsPerCall
      ? callRows(parcel, { ...api, ...rule, withToken, rowsPerCall }, transport)
      : callApi(parcel, { ...api, ...rule, withToken }, transport)
  },
}

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

/** Files of the message go inside, so that its body may be too large to be held. */
function encode(message: Message, agency: Agency): Encoded | Unsupported {
  const options = LgspOptions.parse(agency.options)
  const outgoing =
    options.url === undefined ? 'the body has no url of a platform' : outgoingOf(message, options)
  const call = encodedCall(typeof outgoing === 'string' ? outgoing : { body: bodyOf(outgoing.rows) })
  if (call.kind === 'unsupported' || typeof outgoing === 'string') return call
  if (outgoing.rows.length > options.rowsPerCall) return call // each call has its own body, written as it is sent
  const parts = withFiles(Buffer.from(call.body).toString('utf8'), message.payload)
  return parts === null ? call : { ...call, body: new Uint8Array(0), parts }
}
