import { z } from 'zod'
import { jsonIn } from '../answer-json.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Trusted } from '../dialect.ts'
import type { Partner, Poll, Waiting } from '../poll.ts'
import { callPost, withQuery } from './calls.ts'
import { VnpostOptions } from './options.ts'
import { trackedOf } from './parcels.ts'

const Page = z.looseObject({
  _embedded: z.looseObject({
    'rh:doc': z.array(z.looseObject({ _id: z.looseObject({ $oid: z.string().min(1).max(100) }) })),
  }),
})

/** Asks for the steps after the last one that was stored: the list never gets shorter, and its ids are the cursor (dvcqg §14.4). */
export const tracking: Poll = {
  everySeconds({ options }) {
    const { trackEverySeconds, trackingUrl } = VnpostOptions.parse(options)
    return trackingUrl === undefined ? 0 : trackEverySeconds
  },
  async list(partner, after) {
    const options = VnpostOptions.parse(partner.agency.options)
    const query = { pagesize: String(options.pageSize), lastId: after ?? '' }
    const url = withQuery(options.trackingUrl ?? '', query)
    const called = await callPost({ method: 'GET', url, body: new Uint8Array(0) }, { options, ...partner })
    const answer = called.kind === 'called' ? called.answer : null
    if (answer === null || 'failure' in answer || answer.status !== 200)
      throw unavailable('the tracking list does not come')
    return pageOf(answer.body).map((row): Waiting => {
      const { $oid: id } = row._id
      return { id, mark: id, about: { row: JSON.stringify(row) } }
    })
  },
  fetch: ({ id, about }, partner) => Promise.resolve(stepsOf(id, about['row'] ?? '', partner)),
  acknowledge: () => Promise.resolve(),
}

const unavailable = (reason: string): GatewayError => new GatewayError('unavailable', { reason })

function pageOf(body: Uint8Array) {
  const read = Page.safeParse(jsonIn(body))
  if (!read.success) throw unavailable('the tracking list cannot be read')
  return read.data._embedded['rh:doc']
}

/** For the body whose parcel it is; a step of a customer of somebody else is nobody's here. */
function stepsOf(id: string, row: string, { agency }: Partner): readonly Trusted[] {
  const { customers } = VnpostOptions.parse(agency.options)
  const payload = trackedOf(JSON.parse(row) as Payload) // as `list` wrote it
  const customer = textOf(payload['CustomerCode'])
  const recipients = Object.keys(customers).filter((body) => customers[body] === customer)
  if (customer !== '' && recipients.length === 0) return []
  const header = { sender: agency.code, recipients, action: 'dossier.post-tracked' }
  return [{ kind: 'trusted', header, naturalKey: ['post-tracked', id], payload, original: Buffer.from(row) }]
}
