import { z } from 'zod'
import type { Dialect } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { createAsk } from './asking.ts'
import { decodeEnvelope, door } from './door.ts'
import { encode } from './encode.ts'
import { EnvelopeOptions, hasAddress } from './options.ts'
import { createPoll } from './poll.ts'
import { createPortalClient, portalPassword } from './portal.ts'
import { createSend } from './send.ts'

const callPortal = createPortalClient(Date.now)

/**
 * The envelope of the national adapter (dvcqg §2 to §8): clients log in and call services by name. What is for an agency is posted to its
 * own paths, or read by its look-ups where it has none; what is for the portal is pushed to its services, as a client of it. Neither tells repeats apart but by MaHoSo, so an
 * ambiguous send is in doubt.
 */
export const adapterEnvelope: Dialect = {
  name: 'adapter-envelope',
  mode: ({ options }) => (hasAddress(EnvelopeOptions.parse(options)) ? 'push' : 'pull'),
  repeatable: false,
  options: EnvelopeOptions,
  secrets: { [portalPassword]: z.string().min(1).max(500) },
  address({ options }) {
    const { url, portal, searchUrl } = EnvelopeOptions.parse(options)
    return portal?.url ?? url ?? searchUrl ?? ''
  },
  verbs: [],
  door,
  decode: (request, agency) =>
    decodeEnvelope(request, { agency, options: EnvelopeOptions.parse(agency.options) }),
  answer: answerJson,
  encode,
  send: createSend(callPortal),
  ask: createAsk(callPortal),
  poll: createPoll(callPortal),
}
