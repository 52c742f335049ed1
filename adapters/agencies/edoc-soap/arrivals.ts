import { z } from 'zod'
import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { jsonIn } from '../answer-json.ts'
import type { Arrivals, Arrived } from '../arrivals.ts'
import { toPartner } from '../edxml/organ.ts'
import type { Partner } from '../poll.ts'
import { unavailable } from './bus.ts'
import { EdocOptions } from './options.ts'
import { isNewLetter, isRepeatable } from './outcome.ts'

type Asking = Pick<Partner, 'agency' | 'transport' | 'keys'>

/** How long a bus may be at a document whose answer was lost. */
const busySeconds = 60

const Existing = z.object({ code: z.coerce.string(), isExist: z.boolean() })

/** A document is looked for by its two parties and its code, which letters about an earlier one share. */
function lookedFor({ payload }: Message, options: EdocOptions): Payload | null {
  const code = objectIn(payload['Code'])
  const [to] = (payload['To'] ?? []) as readonly Payload[] // judged at intake
  const organ = (value: unknown) => toPartner(textOf(objectIn(value)['OrganId']), options)
  const asked = {
    ...{ fromOrgan: organ(payload['From']), toOrgan: organ(to) },
    docCode: [code['CodeNumber'], code['CodeNotation']].map(textOf).filter(Boolean).join('/'),
  }
  return Object.values(asked).includes('') ? null : asked
}

async function exists(asked: Payload, { agency, transport, keys }: Asking): Promise<Arrived> {
  const { url = '', organId = '', timeoutMs } = EdocOptions.parse(agency.options)
  const [authorization = ''] = keys.secrets('token')
  const answer = await transport.post({
    ...{ url: `${url}/checkExistDocument`, timeoutMs, maxAnswerBytes: 64 * 1024 },
    headers: { 'content-type': 'application/json', organid: organId, authorization },
    body: Buffer.from(JSON.stringify(asked)),
  })
  if ('failure' in answer || answer.status !== 200) throw unavailable('the bus does not say what exists')
  const read = Existing.safeParse(jsonIn(answer.body))
  if (!read.success || read.data.code !== '200') return 'unknown'
  return read.data.isExist ? 'arrived' : 'absent'
}

/**
 * Whether a bus has a document whose answer was lost: what it would refuse the second time may just be sent again; of other letters its
 * REST form is asked (edXML §8.4).
 */
export const arrivals: Arrivals = {
  afterSeconds({ options }) {
    const { url, wire, tellsRepeats } = EdocOptions.parse(options)
    return url !== undefined && (tellsRepeats || wire === 'rest') ? busySeconds : 0
  },
  ask({ message }, partner) {
    const options = EdocOptions.parse(partner.agency.options)
    if (isRepeatable(message, options)) return Promise.resolve('absent')
    const asked = options.wire === 'rest' && isNewLetter(message) ? lookedFor(message, options) : null
    return asked === null ? Promise.resolve('unknown') : exists(asked, partner)
  },
}
