import type { Agency } from '../../../schemas/agency.ts'
import type { Message } from '../../../schemas/message.ts'
import { createWithToken, type Grant } from '../bearer.ts'
import type { AgencyKeys, Dialect, Encoded, Unsupported } from '../dialect.ts'
import { callApi, encodedCall, type Api } from '../dossiers/api.ts'
import { answerJson } from '../json-answer.ts'
import { z } from 'zod'
import { below } from '../paths.ts'
import { decodeRows } from './calls.ts'
import { door } from './door.ts'
import { keepHandle, withHandles } from './handles.ts'
import { TokenRestOptions } from './options.ts'
import { outgoingOf } from './outgoing.ts'
import { allPapers, submittedPapers } from './papers.ts'
import { uploadTo } from './uploads.ts'

const secretName = 'client-secret'

const withToken = createWithToken()

/**
 * The token REST of 2026 (dvcqg §12): clients fetch a token, draw a code, upload files, create a dossier and tell its progress and
 * state; the same calls are made at an agency that has such an API. Nothing says that a recipient tells repeats apart, so an
 * ambiguous send is in doubt.
 */
export const tokenRest: Dialect = {
  name: 'token-rest',
  mode: 'push',
  repeatable: false,
  options: TokenRestOptions,
  secrets: { [secretName]: z.string().min(1).max(512) },
  address: ({ options }) => TokenRestOptions.parse(options).url ?? '',
  verbs: [],
  door,
  decode: (request, agency) =>
    decodeRows(request, { agency, options: TokenRestOptions.parse(agency.options) }),
  answer: answerJson,
  encode,
  async send(parcel, agency, transport, keys) {
    const options = TokenRestOptions.parse(agency.options)
    const outgoing = outgoingOf(parcel.message, options)
    if (typeof outgoing === 'string') return { kind: 'unsendable', code: 'unsupported', reason: outgoing }
    const apiAt = (path: keyof TokenRestOptions['paths']): Api => ({
      ...{ grant: grantOf(options, keys), headers: {}, timeoutMs: options.timeoutMs, withToken },
      ...{ names: { code: 'code', message: 'message' }, accepted: options.acceptedCodes },
      url: below(options.url, options.paths[path]),
    })
    const papers = options.results === 'upload' ? allPapers : submittedPapers
    const moved = await uploadTo({ ...apiAt('upload'), papers }, parcel, transport)
    if ('kind' in moved) return moved
    const { path } = outgoing
    return path === 'create'
      ? callApi(moved, { ...apiAt(path), taken: (body) => keepHandle(body, parcel) }, transport)
      : callApi(await withHandles(moved, path), apiAt(path), transport)
  },
}

const grantOf = (options: TokenRestOptions, keys: AgencyKeys): Grant => ({
  ...{ url: options.tokenUrl ?? below(options.url, options.paths.token), headers: {} },
  ...{ clientId: options.clientId ?? '', secrets: keys.secrets(secretName) },
  ...{ credentialsAs: options.credentialsAs, timeoutMs: options.timeoutMs },
})

function encode(message: Message, agency: Agency): Encoded | Unsupported {
  const options = TokenRestOptions.parse(agency.options)
  return encodedCall(
    options.url === undefined ? 'the body has no url of an API' : outgoingOf(message, options),
  )
}
