import { z } from 'zod'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Dialect, Parcel, Transport } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { noSecret } from '../no-secret.ts'
import { arrivals } from './arrivals.ts'
import { door } from './door.ts'
import { encodeEnvelope, parted, signatureOf, signed } from './envelope.ts'
import { EdocOptions } from './options.ts'
import { isRepeatable, outcomeOfAnswer, outcomeOfJson } from './outcome.ts'
import { poll } from './poll.ts'

const answerBytes = 256 * 1024
const tokenName = 'token'

/**
 * The e-doc bus of a province, SOAP with attachments or REST (edXML §8.4). A body with a `url` is a bus that the gateway calls; any other calls
 * the gateway as its bus, and pulls. A lost answer, or a
 * process that died, leaves a document in doubt unless the bus tells repeats or can be asked.
 */
export const edocSoap: Dialect = {
  name: 'edoc-soap',
  mode: ({ options }) => (EdocOptions.parse(options).url === undefined ? 'pull' : 'push'),
  repeatable: false,
  options: EdocOptions,
  secrets: { [tokenName]: z.string().min(1).max(500) },
  address: ({ options }) => EdocOptions.parse(options).url ?? '',
  verbs: [],
  door,
  poll,
  arrivals,
  decode: ({ body }) => [{ kind: 'sealed', bytes: body }],
  answer: answerJson,
  encode: (message, { options }) => encodeEnvelope(message, EdocOptions.parse(options)),
  async send(parcel, agency, transport, keys) {
    const options = EdocOptions.parse(agency.options)
    const { url, organId = '', timeoutMs, wire } = options
    if (url === undefined)
      throw new GatewayError('internal', { cause: `${agency.code} pulls, it is never sent to` })
    const [token] = keys.secrets(tokenName)
    if (token === undefined) return noSecret(agency, tokenName)
    const from = { organId, token }
    const { post, outcomeOf } = wires[wire](parcel, from)
    const answer = await transport.post({
      url: `${url}${post.path}`,
      timeoutMs,
      maxAnswerBytes: answerBytes,
      ...post.call,
    })
    return outcomeOf(answer, { repeatable: isRepeatable(parcel.message, options) })
  },
}

interface From {
  readonly organId: string
  readonly token: string
}

type Call = Parameters<Transport['post']>[0]

interface Wire {
  readonly post: { readonly path: string; readonly call: Pick<Call, 'headers' | 'body' | 'streamed'> }
  readonly outcomeOf: typeof outcomeOfAnswer
}

/** By each wire: where it goes below `url`, what goes, and how the answer is read. */
const wires: Readonly<Record<EdocOptions['wire'], (parcel: Parcel, from: From) => Wire>> = {
  soap(parcel, { organId, token }) {
    const { contentType, headers } = parcel.encoded
    const call = {
      headers: { ...headers, 'content-type': contentType, accept: 'text/xml' },
      ...bodyOf(parcel, signatureOf(organId, token)),
    }
    return { post: { path: '', call }, outcomeOf: outcomeOfAnswer }
  },
  rest({ encoded, streamed }, { organId, token }) {
    const { contentType, headers, body } = encoded
    const call = {
      headers: { ...headers, 'content-type': contentType, organid: organId, authorization: token },
      ...{ body, streamed },
    }
    return { post: { path: '/sendDocument', call }, outcomeOf: outcomeOfJson }
  },
}

function bodyOf({ encoded, streamed }: Parcel, signature: string): Pick<Call, 'body' | 'streamed'> {
  if (streamed === undefined) return { body: Buffer.concat(parted(encoded.body, signature)) }
  const size = streamed.size + Buffer.byteLength(signature)
  return {
    body: encoded.body,
    streamed: { ...streamed, size, open: () => signed(streamed.open(), signature) },
  }
}
