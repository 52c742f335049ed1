import { expect } from 'chai'
import { createJsonClient } from '../../client/index.ts'
import { answerOf, GatewayError, type ErrorCode } from '../../schemas/errors.ts'
import { optionsFor, withServer } from './stand-in.ts'

const item = (deliveryId: string) => ({
  ...{ deliveryId, messageId: 'm1', sender: 'G22', senderRef: 'ref-1', action: 'notice.notification' },
  ...{ subjectKey: '', contentType: 'application/json', leaseUntil: 0 },
  content: JSON.stringify({ sender: 'G22', action: 'notice.notification', payload: { TieuDe: deliveryId } }),
})
const batch = (...ids: readonly string[]) => ({ status: 200, json: { deliveries: ids.map(item) } })
const refusal = (code: ErrorCode) => {
  const error = new GatewayError(code)
  return { status: error.row.status, json: answerOf(error) }
}
const once = { attempts: 1, firstDelayMs: 1 }

describe('client: a mailbox followed for ever', () => {
  it('hands out one delivery after the other, pulls again, and ends with its signal', async () => {
    const answers = [batch('d1', 'd2'), batch(), batch('d3')]
    await withServer(
      (_asked, round) => answers[round - 1] ?? batch(),
      async (url, asked) => {
        const ending = new AbortController()
        const ids: string[] = []
        for await (const { deliveryId, content } of createJsonClient(optionsFor(url)).follow({
          max: 2,
          waitSeconds: 1,
          signal: ending.signal,
        })) {
          expect(content.kind === 'opened' && content.payload).to.deep.equal({ TieuDe: deliveryId })
          ids.push(deliveryId)
          if (deliveryId === 'd3') ending.abort()
        }
        expect(ids).to.deep.equal(['d1', 'd2', 'd3'])
        expect(asked.map(({ path }) => path)).to.deep.equal(Array(3).fill('/v1/mailbox?max=2&wait=1'))
      },
    )
  })

  it('goes on after the gateway was away', async () => {
    await withServer(
      (_asked, round) => (round === 1 ? refusal('unavailable') : batch('d1')),
      async (url) => {
        for await (const { deliveryId } of createJsonClient({ ...optionsFor(url), retry: once }).follow()) {
          expect(deliveryId).to.equal('d1')
          return
        }
        expect.fail('ended without a delivery')
      },
    )
  })

  it('rejects on what no waiting mends', async () => {
    await withServer(
      () => refusal('forbidden'),
      async (url, asked) => {
        const said = await createJsonClient(optionsFor(url))
          .follow()
          .next()
          .catch((error: unknown) => error)
        expect(said).to.have.property('code', 'forbidden')
        expect(asked).to.have.length(1)
      },
    )
  })

  it('ends at once when it is ended in the middle of a wait', async () => {
    const ending = new AbortController()
    await withServer(
      () => {
        ending.abort()
        return refusal('unavailable')
      },
      async (url) => {
        const follow = createJsonClient({ ...optionsFor(url), retry: once }).follow({ signal: ending.signal })
        expect(await follow.next()).to.deep.equal({ value: undefined, done: true })
      },
    )
  })
})
