import { expect } from 'chai'
import { withGateway, eventually } from '../support/gateway.ts'
import { createParty, envelopeOf } from '../support/parties.ts'
import { samplePayload } from '../support/payloads.ts'
import { withSink } from '../support/sink.ts'

const sender = createParty({ code: 'H49' })

describe('a stop', () => {
  // Without a bound the stop would last as long as the recipient's own time limit, which is longer than this test's.
  it('does not wait for a recipient that never answers', () =>
    withSink(async ({ url, requests, answer }) => {
      answer(() => new Promise(() => undefined))
      const silent = createParty({ code: 'G01', dialect: 'axis-xml', options: { url, timeoutMs: 60_000 } })
      await withGateway([sender, silent], {}, async ({ call }) => {
        const bytes = await envelopeOf(sender, 'status.updated', samplePayload('status.updated', 1), {
          recipients: ['G01'],
        })
        const { status } = await call(sender.apiKey, 'POST', '/v1/messages', {
          type: 'application/xml',
          bytes,
        })
        expect(status).to.equal(202)
        await eventually('the push', async () => requests.length > 0)
      })
    }))
})
