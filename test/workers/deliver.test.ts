import { expect } from 'chai'
import type { DeliveryView, MessageView } from '../../adapters/store/store.ts'
import type { Payload } from '../../schemas/message.ts'
import { openEnvelope } from '../../signing/open.ts'
import { verifyReceipt } from '../../signing/receipt.ts'
import { eventually, withGateway, type GatewayOptions, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, operatorKey, trustRoots, type Party } from '../support/parties.ts'
import { withSink, type Sink } from '../support/sink.ts'

const province = createParty({ code: 'H49' })
const hourMs = 3_600_000

interface Scene {
  readonly lent: LentGateway
  readonly sink: Sink
  readonly core: Party
}

/** A province that sends, and a portal core behind a sink. */
function scene(use: (scene: Scene) => Promise<void>, options: GatewayOptions = {}): Promise<void> {
  return withSink((sink) => {
    const core = createParty({
      code: 'G22',
      dialect: 'axis-xml',
      options: { url: sink.url, timeoutMs: 1_000 },
    })
    const ministry = createParty({ code: 'G03', dialect: 'axis-xml', options: { url: `${sink.url}/g03` } })
    const registry = { aliases: { 'portal-core': ['G22'] }, ...options.registry }
    return withGateway([province, core, ministry], { ...options, registry }, (lent) =>
      use({ lent, sink, core }),
    )
  })
}

function step(maHoSo: string, n: number): Payload {
  return {
    data: [
      {
        MaHoSo: maHoSo,
        NguoiXuLy: 'Trần Văn Thử',
        ThoiDiemXuLy: '20261121100000',
        NoiDungXuLy: `Bước ${n}`,
        TrangThai: '4',
      },
    ],
  }
}

async function send({ call }: LentGateway, payload: Payload, header = {}): Promise<string> {
  const bytes = await envelopeOf(province, 'status.updated', payload, header)
  const answer = await call(province.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  expect(answer.status, answer.text).to.equal(202)
  return String(answer.json['id'])
}

async function view({ call }: LentGateway, id: string): Promise<MessageView & { readonly state: string }> {
  return (await call(operatorKey, 'GET', `/v1/messages/${id}`)).json as unknown as MessageView & {
    state: string
  }
}

function settled(lent: LentGateway, id: string, state: string) {
  return eventually(`${id} ${state}`, async () => {
    const seen = await view(lent, id)
    return seen.state === state && seen
  })
}

async function deliveryOf(lent: LentGateway, id: string): Promise<DeliveryView> {
  return (await view(lent, id)).deliveries[0]!
}

function openAt({ lent, core }: Scene, body: Buffer) {
  const known = [
    { agency: 'H49', certificate: province.signing.certificate },
    { agency: 'TRUC', certificate: lent.keys.signing.certificate },
  ].map((row) => ({ ...row, partyClass: 'state' as const, roots: trustRoots('state') }))
  return openEnvelope(body, {
    now: Date.now(),
    ownerOf: (fingerprint) => known.find(({ certificate }) => certificate.fingerprint === fingerprint),
    decryptionKeys: [core.decryption],
    gateways: ['TRUC'],
  })
}

describe('delivery by push', () => {
  it("hands over the sender's envelope, sealed to the recipient, and proves it by a receipt", () =>
    scene(async (here) => {
      const { lent, sink } = here
      const id = await send(lent, step('H49-261121-0001', 1))
      const { receipts, deliveries } = await settled(lent, id, 'delivered')
      expect(sink.requests.length).to.equal(1)
      const [{ body, headers }] = sink.requests as [Sink['requests'][number]]
      expect(body.toString()).not.to.contain('Trần Văn Thử')
      const opened = await openAt(here, body)
      expect(opened.payload).to.deep.equal(step('H49-261121-0001', 1))
      expect(opened.outerHeader).to.include({
        sealedBy: 'TRUC',
        messageId: id,
        deliveryId: headers['delivery-id'],
      })
      const statements = receipts.map(({ jws }) => verifyReceipt(jws, lent.keys.signing.certificate))
      expect(statements.map(({ kind }) => kind)).to.deep.equal(['accepted', 'delivered'])
      expect(statements[1]).to.include({ recipient: 'G22', deliveryId: deliveries[0]!.id })
      expect(statements[1]?.sealedDigest).to.match(/^[0-9a-f]{64}$/)
      expect(deliveries[0]?.attempts.map(({ outcome }) => outcome)).to.deep.equal(['delivered'])
    }))

  it('keeps the order of each dossier', () =>
    scene(async (here) => {
      const { lent, sink } = here
      sink.answer(async () => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 20))
        return { status: 200 }
      })
      const lanes = ['H49-261121-0001', 'H49-261121-0002', 'H49-261121-0003']
      const ids: string[] = []
      for (let n = 1; n <= 10; n += 1) for (const lane of lanes) ids.push(await send(lent, step(lane, n)))
      for (const id of ids) await settled(lent, id, 'delivered')
      const seen = await Promise.all(
        sink.requests.map(
          async ({ body }) =>
            (await openAt(here, body)).payload['data'] as unknown as {
              MaHoSo: string
              NoiDungXuLy: string
            }[],
        ),
      )
      for (const lane of lanes) {
        const steps = seen
          .flat()
          .filter(({ MaHoSo }) => MaHoSo === lane)
          .map(({ NoiDungXuLy }) => NoiDungXuLy)
        expect(steps).to.deep.equal(Array.from({ length: 10 }, (_, index) => `Bước ${index + 1}`))
      }
    }))

  it('ends with the refusal of the recipient, and lets the next of the dossier go', () =>
    scene(async ({ lent, sink }) => {
      sink.answer(() => ({ status: 422, body: 'Sai mã thủ tục' }))
      const first = await send(lent, step('H49-261121-0001', 1))
      const { receipts } = await settled(lent, first, 'refused')
      const last = verifyReceipt(receipts.at(-1)!.jws, lent.keys.signing.certificate)
      expect(last).to.include({ kind: 'refused', code: 'http_422', reason: 'Sai mã thủ tục' })
      sink.answer(() => ({ status: 200 }))
      await settled(lent, await send(lent, step('H49-261121-0001', 2)), 'delivered')
    }))

  it('tries again later, with the same ids, and holds the rest of the dossier meanwhile', () =>
    scene(async ({ lent, sink }) => {
      sink.answer(() => ({ status: 503 }))
      const first = await send(lent, step('H49-261121-0001', 1))
      const second = await send(lent, step('H49-261121-0001', 2))
      const put = await eventually('put off', async () => {
        const delivery = await deliveryOf(lent, first)
        return delivery.state === 'due' && delivery.attempts.length === 1 && delivery
      })
      expect(put.dueAt! - put.attempts[0]!.at).to.be.within(5_000, 10_500)
      expect((await deliveryOf(lent, second)).state).to.equal('behind')
      sink.answer(() => ({ status: 200 }))
      lent.clock.pass(10_500)
      await settled(lent, first, 'delivered')
      await settled(lent, second, 'delivered')
      const ids = sink.requests.map(({ headers }) => headers['delivery-id'])
      expect(ids[0]).to.equal(ids[1])
      expect(new Set(ids).size).to.equal(2)
    }))

  it('is dead when 15 days of trying have passed, and holds its lane', () =>
    scene(async ({ lent, sink }) => {
      sink.answer(() => ({ status: 503 }))
      const first = await send(lent, step('H49-261121-0001', 1))
      const second = await send(lent, step('H49-261121-0001', 2))
      await eventually('first attempt', async () => (await deliveryOf(lent, first)).attempts.length > 0)
      lent.clock.pass(15 * 24 * hourMs)
      const { receipts } = await settled(lent, first, 'dead')
      expect(verifyReceipt(receipts.at(-1)!.jws, lent.keys.signing.certificate).kind).to.equal('dead')
      expect((await deliveryOf(lent, second)).state).to.equal('behind')
    }))

  it('expires at the time the sender gave, with a receipt', () =>
    scene(async ({ lent, sink }) => {
      sink.answer(() => ({ status: 503 }))
      const id = await send(lent, step('H49-261121-0001', 1), { expiresAt: Date.now() + hourMs })
      await eventually('first attempt', async () => (await deliveryOf(lent, id)).attempts.length > 0)
      lent.clock.pass(hourMs)
      const { receipts } = await settled(lent, id, 'expired')
      expect(verifyReceipt(receipts.at(-1)!.jws, lent.keys.signing.certificate)).to.include({
        kind: 'expired',
        code: 'expired',
      })
    }))
})

describe('a recipient that is away', () => {
  it('opens its breaker, is left alone, is probed, and gets its backlog in order', () =>
    scene(async (here) => {
      const { lent, sink } = here
      sink.answer(() => ({ status: 0, cut: true }))
      const ids: string[] = []
      for (let n = 1; n <= 6; n += 1) ids.push(await send(lent, step(`H49-261121-000${n}`, 1)))
      await eventually('open', async () =>
        (await lent.store.agencyStates()).some(({ openUntil }) => openUntil > 0),
      )
      await eventually(
        'nothing under way',
        async () => ((await lent.store.inFlight(['G22'], lent.clock.now())).get('G22') ?? 0) === 0,
      )
      const before = sink.requests.length
      for (let n = 1; n <= 6; n += 1) ids.push(await send(lent, step(`H49-261121-000${n}`, 2)))
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect(sink.requests.length, 'nothing is sent to an open breaker').to.equal(before)
      sink.answer(() => ({ status: 200 }))
      lent.clock.pass(5_000)
      for (const id of ids) await settled(lent, id, 'delivered')
      const done = await Promise.all(
        sink.requests.slice(before).map(
          async ({ body }) =>
            (await openAt(here, body)).payload['data'] as unknown as {
              MaHoSo: string
              NoiDungXuLy: string
            }[],
        ),
      )
      for (let n = 1; n <= 6; n += 1)
        expect(
          done
            .flat()
            .filter(({ MaHoSo }) => MaHoSo === `H49-261121-000${n}`)
            .map(({ NoiDungXuLy }) => NoiDungXuLy),
        ).to.deep.equal(['Bước 1', 'Bước 2'])
    }))

  it('opens at once for a fault of configuration, which refuses nothing', () =>
    scene(async ({ lent, sink }) => {
      sink.answer(() => ({ status: 401 }))
      const id = await send(lent, step('H49-261121-0001', 1))
      await eventually('open', async () =>
        (await lent.store.agencyStates()).some(({ agency, openUntil }) => agency === 'G22' && openUntil > 0),
      )
      expect((await deliveryOf(lent, id)).state).to.equal('due')
      const told = () =>
        lent.log
          .filter(({ event }) => event === 'alert')
          .map(({ fields }) => [fields['kind'], fields['agency']])
      await eventually('two alerts', async () => told().length === 2)
      expect(told()).to.have.deep.members([
        ['breaker', 'G22'],
        ['configuration', 'G22'],
      ])
      sink.answer(() => ({ status: 200 }))
      lent.clock.pass(5_000)
      await settled(lent, id, 'delivered')
    }))

  it('delays nobody else', () =>
    scene(async ({ lent, sink }) => {
      sink.answer(({ path }) => (path.endsWith('/g03') ? { status: 200 } : new Promise(() => undefined)))
      for (let n = 1; n <= 9; n += 1) await send(lent, step(`H49-261121-000${n}`, 1))
      const others: string[] = []
      for (let n = 1; n <= 9; n += 1)
        others.push(await send(lent, step(`H49-261121-000${n}`, 1), { recipients: ['G03'] }))
      for (const id of others) await settled(lent, id, 'delivered')
    }))

  it('gets nothing while paused, and neither attempts nor age run', () =>
    scene(async ({ lent, sink }) => {
      await lent.store.setPaused('G22', true, lent.clock.now())
      const id = await send(lent, step('H49-261121-0001', 1))
      await new Promise((resolve) => setTimeout(resolve, 500))
      lent.clock.pass(20 * 24 * hourMs)
      await new Promise((resolve) => setTimeout(resolve, 500))
      expect([sink.requests.length, (await deliveryOf(lent, id)).attempts.length]).to.deep.equal([0, 0])
      sink.answer(() => ({ status: 503 }))
      await lent.store.setPaused('G22', false, lent.clock.now())
      await eventually('an attempt', async () => (await deliveryOf(lent, id)).attempts.length === 1)
      expect((await deliveryOf(lent, id)).state, 'twenty days of pause are no age').to.equal('due')
      sink.answer(() => ({ status: 200 }))
      lent.clock.pass(11_000)
      await settled(lent, id, 'delivered')
    }))
})

describe('what only a person can mend', () => {
  it('is parked with its reason where nothing can be sealed to the recipient', () =>
    scene(
      async ({ lent, sink }) => {
        const id = await send(lent, step('H49-261121-0001', 1))
        const { deliveries } = await settled(lent, id, 'parked')
        expect(deliveries[0]?.attempts[0]).to.include({ outcome: 'unsendable', code: 'no_certificate' })
        expect(sink.requests.length).to.equal(0)
      },
      {
        registry: {
          certificates: [
            {
              agency: 'H49',
              use: 'sign',
              fingerprint: province.signing.certificate.fingerprint,
              pem: province.signing.certificate.pem,
            },
          ],
        },
      },
    ))
})

describe('the log', () => {
  it('has one wide line per attempt, and no content, key or credential', () =>
    scene(async ({ lent }) => {
      const id = await send(lent, step('H49-261121-0001', 1))
      await settled(lent, id, 'delivered')
      const lines = lent.log.filter(({ event }) => event === 'attempt')
      expect(
        lines.map(({ fields }) => [fields['messageId'], fields['recipient'], fields['state']]),
      ).to.deep.equal([[id, 'G22', 'delivered']])
      const all = JSON.stringify(lent.log)
      for (const secret of ['Trần Văn Thử', province.apiKey, operatorKey, 'PRIVATE KEY'])
        expect(all).not.to.contain(secret)
    }))
})
