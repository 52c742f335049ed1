import { expect } from 'chai'
import fc from 'fast-check'
import type { DoorRequest, Transport, Trusted } from '../../../adapters/agencies/dialect.ts'
import type { Claim } from '../../../adapters/agencies/door.ts'
import { paygov } from '../../../adapters/agencies/paygov/index.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Payload } from '../../../schemas/message.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { samplePayload } from '../../support/payloads.ts'
import { secret } from '../../support/payments.ts'
import { paygovCallback } from '../../support/samples/paygov.ts'

const agencyWith = (options: Agency['options'] = {}): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'paygov' },
  options: { callbackUrl: 'http://127.0.0.1:9/paygov', ...options },
})
const requestOf = (body: object): DoorRequest => ({
  ...{ method: 'POST', path: '/paygov/PAYGOV49/callback', query: {}, headers: {} },
  body: Buffer.from(JSON.stringify(body)),
})
const decode = (body: object, options: Agency['options'] = {}): Trusted =>
  paygov.decode(requestOf(body), agencyWith(options))[0] as Trusted

function encoded(payload: Payload, options: Agency['options'] = {}): Payload {
  const written = paygov.encode({ ...messageOf('payment.result'), payload }, agencyWith(options))
  if (written.kind === 'unsupported') throw new Error(written.reason)
  return JSON.parse(Buffer.from(written.body).toString()) as Payload
}

describe('PayGov of a province', () => {
  it('decodes what it has encoded to the same payload', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.constantFrom('compact', 'dashed', 'iso'), (n, dateStyle) => {
        const { payload } = decode(encoded(samplePayload('payment.result', n)))
        expect(decode(encoded(payload, { dateStyle })).payload).to.deep.equal(payload)
      }),
    )
  })

  it('reads a callback under the national names, and keeps what has none', () => {
    expect(decode(paygovCallback()).payload).to.include({
      ...{ MaThamChieu: 'H49.05-H49.05-261121-0001-01', SoTien: '150000', MaLoi: '00', MaGiaoDich: 'PG0001' },
      ...{ MaNganHang: 'VNPAY', ThoiGianGD: '20261121090145', requestCode: 'YC01', type: '1' },
    })
  })

  it('checks the sum over the fields, and by the rule, that the partner has', () => {
    const claim = paygov.door?.claim(requestOf(paygovCallback())) as Extract<Claim, { kind: 'account' }>
    expect(claim.account).to.equal('PAYGOV49')
    expect(claim.isProvedBy([secret], {})).to.equal(true)
    expect(claim.isProvedBy(['another'], {})).to.equal(false)
    expect(claim.isProvedBy([secret], { checksumRule: 'sha256' })).to.equal(false)
    const fields = ['orderId', 'amount', 'errorCode']
    const own = paygov.door?.claim(requestOf(paygovCallback({}, fields))) as typeof claim
    expect(own.isProvedBy([secret], { checksumFields: fields })).to.equal(true)
    expect(own.isProvedBy([secret], {})).to.equal(false)
  })

  it('tells of a payment without accents, with its sum, and reads both spellings of success', async () => {
    const message = {
      ...messageOf('payment.result'),
      payload: { ...samplePayload('payment.result', 1), ThongTinGiaoDich: 'Nộp lệ phí đất đai, Đợt 1' },
    }
    const bodies: Payload[] = []
    const transport: Transport = {
      post: async ({ body }) => {
        bodies.push(JSON.parse(Buffer.from(body).toString()) as Payload)
        return { status: 200, headers: {}, body: Buffer.from('{"error_code":"SUCCESSFUL"}') }
      },
    }
    const written = paygov.encode(message, agencyWith())
    if (written.kind === 'unsupported') throw new Error(written.reason)
    const keys = { secrets: () => [secret], privateKey: () => undefined }
    const parcel = { message, deliveryId: 'd', encoded: written }
    expect(await paygov.send(parcel, agencyWith(), transport, keys)).to.deep.equal({ kind: 'delivered' })
    expect(bodies[0]).to.include({ orderInfo: 'Nop le phi dat dai, Dot 1', errorCode: '00' })
    const claim = paygov.door?.claim(requestOf(bodies[0] ?? {})) as Extract<Claim, { kind: 'account' }>
    expect(claim.isProvedBy([secret], {})).to.equal(true)
  })
})
