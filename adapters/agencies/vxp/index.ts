import { z } from 'zod'
import type { Agency } from '../../../schemas/agency.ts'
import type { Message } from '../../../schemas/message.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Dialect, Draft, Unsupported } from '../dialect.ts'
import { encodeDocument } from '../edxml/encode.ts'
import { answerJson } from '../json-answer.ts'
import { arrivals } from './arrivals.ts'
import { secretName, sendEdoc } from './axis.ts'
import { directory } from './directory.ts'
import { door } from './door.ts'
import { VxpOptions } from './options.ts'
import { poll } from './poll.ts'
import { sendForm } from './rest/call.ts'
import { encodeForm, encodeHeld } from './rest/encode.ts'

/**
 * The national document axis (edxml §7, §8): letters and statuses in edXML. Document systems of bodies call us as they would call the
 * axis, and fetch what waits for them; an axis that has a `url` is sent to, and asked for what it holds.
 */
export const vxp: Dialect = {
  name: 'vxp',
  mode: ({ options }) => (options['url'] === undefined ? 'pull' : 'push'), // asked often
  repeatable: false,
  options: VxpOptions,
  address: ({ options }) => VxpOptions.parse(options).url ?? '',
  secrets: { [secretName]: z.string().min(8).max(256), password: z.string().min(1).max(256) },
  verbs: [],
  door,
  poll,
  arrivals,
  directory,
  decode() {
    throw new GatewayError('unsupported_media', { reason: 'VXP has doors of its own' })
  },
  answer: answerJson,
  encode,
  send: (parcel, agency, transport, keys) => {
    if (VxpOptions.parse(agency.options).url === undefined)
      return Promise.reject(new GatewayError('internal', { cause: `${agency.code} pulls` }))
    const { wire } = VxpOptions.parse(agency.options)
    if (wire === 'rest') return sendForm(parcel, { agency, transport, keys })
    return sendEdoc(parcel, { agency, transport, keys, now: Date.now })
  },
}

/** With the line end that the official client adds to a file, and leaves out of its hash (edxml §8.1.3). */
function encode(message: Message, { options }: Agency): Draft | Unsupported {
  const read = VxpOptions.parse(options)
  if (read.wire === 'rest')
    return read.url === undefined ? encodeHeld(message, read) : encodeForm(message, read)
  const written = encodeDocument(message, read)
  if (written.kind === 'unsupported') return written
  return {
    ...{ kind: 'encoded', seal: 'none', contentType: 'application/octet-stream' },
    ...{ body: new Uint8Array(0), parts: [...written.parts, '\r\n'], headers: {} },
  }
}
