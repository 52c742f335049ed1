import { expect } from 'chai'
import { axisXml } from '../../../adapters/agencies/axis-xml/index.ts'
import type { Transport } from '../../../adapters/agencies/dialect.ts'
import { messageOf } from '../../contracts/dialect.ts'

const agency = {
  code: 'G22',
  name: 'Cổng',
  partyClass: 'state',
  status: 'live',
  dialect: 'axis-xml',
  options: { url: 'https://nhan.example.vn/axis' },
} as const
const keys = { secrets: () => [], privateKey: () => undefined }
const encoded = {
  kind: 'encoded',
  seal: 'axis',
  contentType: 'application/xml',
  body: Buffer.from('<x/>'),
  headers: {},
} as const

async function send(status: number, body = '', headers = {}) {
  const calls: Parameters<Transport['post']>[0][] = []
  const transport: Transport = {
    post: async (call) => {
      calls.push(call)
      return { status, headers, body: Buffer.from(body) }
    },
  }
  const outcome = await axisXml.send(
    { message: messageOf('status.updated'), deliveryId: 'delivery-1', encoded },
    agency,
    transport,
    keys,
  )
  return { outcome, call: calls[0]! }
}

describe('axis-xml', () => {
  it('names message and delivery, so that the recipient can tell repeats apart', async () => {
    const { call } = await send(200)
    expect(call).to.deep.include({
      url: 'https://nhan.example.vn/axis',
      timeoutMs: 30_000,
      body: encoded.body,
    })
    expect(call.headers).to.include({
      'message-id': messageOf('status.updated').id,
      'delivery-id': 'delivery-1',
    })
  })

  it("takes the recipient's own answer where it gives one at once", async () => {
    expect((await send(200, '{"outcome":"processed"}')).outcome).to.deep.equal({ kind: 'processed' })
    expect((await send(200, '{"outcome":"refused","code":"E7","reason":"Sai mã"}')).outcome).to.deep.equal({
      kind: 'refused',
      code: 'E7',
      reason: 'Sai mã',
    })
    expect((await send(200, 'OK')).outcome).to.deep.equal({ kind: 'delivered' })
    expect((await send(409, '{"outcome":"refused"}')).outcome, 'it already had it').to.deep.equal({
      kind: 'delivered',
    })
  })

  it('waits as long as the recipient asks', async () => {
    expect((await send(429, '', { 'retry-after': '120' })).outcome).to.include({
      kind: 'retry',
      afterSeconds: 120,
    })
    const date = { date: 'Sun, 22 Nov 2026 00:00:00 GMT', 'retry-after': 'Sun, 22 Nov 2026 00:01:30 GMT' }
    expect((await send(503, '', date)).outcome).to.include({ kind: 'retry', afterSeconds: 90 })
    expect((await send(503, '', { ...date, 'retry-after': '-5' })).outcome).not.to.have.property(
      'afterSeconds',
    )
    expect((await send(503, '', { 'retry-after': 'soon' })).outcome).not.to.have.property('afterSeconds')
  })

  it('keeps the start of a refusal, printable and bounded', async () => {
    const { outcome } = await send(422, `Thiếu\n\u0007 MaHoSo ${'x'.repeat(5000)}`)
    expect(outcome.kind).to.equal('refused')
    const { reason } = outcome as { reason: string }
    expect(reason).to.match(/^Thiếu MaHoSo x+$/)
    expect(reason.length).to.be.at.most(500)
  })
})
