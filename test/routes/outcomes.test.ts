import { expect } from 'chai'
import { verifyReceipt } from '../../signing/receipt.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, operatorKey } from '../support/parties.ts'
import { withSink, type Sink } from '../support/sink.ts'

const sender = createParty({ code: 'H49' })

interface Scene {
  readonly lent: LentGateway
  readonly sink: Sink
  readonly recipient: ReturnType<typeof createParty>
}

function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withSink((sink) => {
    const recipient = createParty({ code: 'G22', dialect: 'axis-xml', options: { url: sink.url } })
    return withGateway([sender, recipient], {}, (lent) => use({ lent, sink, recipient }))
  })
}

async function viewOf({ lent }: Scene, id: string) {
  const { json } = await lent.call(operatorKey, 'GET', `/v1/messages/${id}`)
  return json as unknown as {
    readonly state: string
    readonly deliveries: readonly { readonly id: string; readonly state: string }[]
    readonly receipts: readonly { readonly jws: string }[]
  }
}

/** Sends a step of a dossier and waits for its delivery to be in a state. */
async function send(here: Scene, state: string, n = 1) {
  const row = { MaHoSo: 'H49-261121-0001', NguoiXuLy: 'Trần Văn Thử', ThoiDiemXuLy: '20261121100000' }
  const payload = { data: [{ ...row, NoiDungXuLy: `Bước ${n}`, TrangThai: '4' }] }
  const bytes = await envelopeOf(sender, 'status.updated', payload, { recipients: ['G22'] })
  const answer = await here.lent.call(sender.apiKey, 'POST', '/v1/messages', {
    type: 'application/xml',
    bytes,
  })
  expect(answer.status, answer.text).to.equal(202)
  const id = String(answer.json['id'])
  const [delivery] = await eventually(`${id} ${state}`, async () => {
    const { deliveries } = await viewOf(here, id)
    return deliveries[0]?.state === state && deliveries
  })
  return { id, deliveryId: delivery!.id }
}

const report = ({ lent }: Scene, key: string, deliveryId: string, said: object) =>
  lent.call(key, 'POST', `/v1/deliveries/${deliveryId}/outcome`, {
    type: 'application/json',
    bytes: JSON.stringify(said),
  })

describe('outcomes that a recipient reports later', () => {
  it('are stored with a signed receipt, for the sender to see, and may be said again', () =>
    scene(async (here) => {
      const { id, deliveryId } = await send(here, 'delivered')
      const refusal = { outcome: 'refused', code: 'E7', reason: 'Sai mã thủ tục' }
      for (let time = 1; time <= 2; time += 1) {
        const { status, json } = await report(here, here.recipient.apiKey, deliveryId, refusal)
        expect([status, json]).to.deep.equal([200, { state: 'refused' }])
      }
      const { state, receipts } = await viewOf(here, id)
      expect(state).to.equal('refused')
      const said = receipts.map(({ jws }) => verifyReceipt(jws, here.lent.keys.signing.certificate))
      expect(said.map(({ kind }) => kind)).to.deep.equal(['accepted', 'delivered', 'refused'])
      expect(said[2]).to.include({ code: 'E7', reason: 'Sai mã thủ tục', recipient: 'G22', deliveryId })
      await send(here, 'delivered', 2)
    }))

  it('are settled by the first of several that come at once', () =>
    scene(async (here) => {
      const { id, deliveryId } = await send(here, 'delivered')
      const said = Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? 'processed' : 'refused'))
      const answers = await Promise.all(
        said.map((outcome) => report(here, here.recipient.apiKey, deliveryId, { outcome })),
      )
      const { state, receipts } = await viewOf(here, id)
      expect(receipts.length).to.equal(3)
      expect(['processed', 'refused']).to.include(state)
      answers.forEach(({ status, json }, index) => {
        if (said[index] === state) expect(status).to.equal(200)
        else expect([status, json['code']]).to.deep.equal([409, 'already_settled'])
      })
    }))

  it('come from the recipient alone; nobody else learns that the delivery exists', () =>
    scene(async (here) => {
      const { id, deliveryId } = await send(here, 'delivered')
      expect((await report(here, sender.apiKey, deliveryId, { outcome: 'processed' })).status).to.equal(404)
      expect((await report(here, operatorKey, deliveryId, { outcome: 'processed' })).status).to.equal(403)
      const strange = '01930000-0000-7000-8000-000000000009'
      expect((await report(here, here.recipient.apiKey, strange, { outcome: 'processed' })).status).to.equal(
        404,
      )
      const wrong = [
        { outcome: 'delivered' },
        { outcome: 'refused', reason: 'x'.repeat(501) },
        { outcome: 'refused', code: 'a\nb' },
      ]
      for (const said of wrong)
        expect((await report(here, here.recipient.apiKey, deliveryId, said)).status).to.equal(400)
      expect((await viewOf(here, id)).state).to.equal('delivered')
    }))

  it('are for later where the delivery is not recorded yet, and too late where it has ended otherwise', () =>
    scene(async (here) => {
      here.sink.answer(() => ({ status: 503 }))
      const waiting = await send(here, 'due')
      const early = await report(here, here.recipient.apiKey, waiting.deliveryId, { outcome: 'processed' })
      expect([early.status, early.json['code'], early.json['retryable']]).to.deep.equal([
        409,
        'not_delivered',
        true,
      ])
      here.sink.answer(() => ({ status: 422 }))
      here.lent.clock.pass(11_000)
      await eventually('refused', async () => (await viewOf(here, waiting.id)).state === 'refused')
      const late = await report(here, here.recipient.apiKey, waiting.deliveryId, { outcome: 'processed' })
      expect([late.status, late.json['code']]).to.deep.equal([409, 'already_settled'])
    }))
})
