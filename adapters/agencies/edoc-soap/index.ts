import { z } from 'zod'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Dialect, Parcel, Transport } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { door } from './door.ts'
import { encodeEnvelope, parted, signatureOf, signed } from './envelope.ts'
import { EdocOptions } from './options.ts'
import { outcomeOfAnswer } from './outcome.ts'

const answerBytes = 256 * 1024
const tokenName = 'token'

/**
 * The e-doc bus of a province, SOAP with attachments (edXML §8.4). A body with a `url` is a bus that the gateway calls; any other calls
 * the gateway as its bus, and pulls. A lost answer is in doubt: the bus refuses a document that it has, but not a status.
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
  decode: ({ body }) => [{ kind: 'sealed', bytes: body }],
  answer: answerJson,
  encode: (message, { options }) => encodeEnvelope(message, EdocOptions.parse(options)),
  async send(parcel, agency, transport, keys) {
    const { url, organId = '', timeoutMs } = EdocOptions.parse(agency.options)
    if (url === undefined)
      throw new GatewayError('internal', { cause: `${agency.code} pulls, it is never sent to` })
    const [token] = keys.secrets(tokenName)
    if (token === undefined)
      return { kind: 'fault', code: 'no_secret', reason: `${agency.code} has no secret "${tokenName}"` }
    const { contentType, headers } = parcel.encoded
    const answer = await transport.post({
      ...{ url, timeoutMs, maxAnswerBytes: answerBytes },
      headers: { ...headers, 'content-type': contentType, accept: 'text/xml' },
      ...bodyOf(parcel, signatureOf(organId, token)),
    })
    return outcomeOfAnswer(answer)
  },
}

function bodyOf(
  { encoded, streamed }: Parcel,
  signature: string,
): Pick<Parameters<Transport['post']>[0], 'body' | 'streamed'> {
  if (streamed === undefined) return { body: Buffer.concat(parted(encoded.body, signature)) }
  const size = streamed.size + Buffer.byteLength(signature)
  return {
    body: encoded.body,
    streamed: { ...streamed, size, open: () => signed(streamed.open(), signature) },
  }
}
