import { expect } from 'chai'
import fc from 'fast-check'
import { paymentPlatform } from '../../../adapters/agencies/payment-platform/index.ts'
import type { AgencyKeys, DoorRequest, Transport, Trusted } from '../../../adapters/agencies/dialect.ts'
import type { Claim } from '../../../adapters/agencies/door.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Payload } from '../../../schemas/message.ts'
import { parsePayload } from '../../../schemas/parse.ts'
import { markOf } from '../../../signing/joined-mark.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { samplePayload } from '../../support/payloads.ts'
import { confirm, init, marked, reference, secret, textToMark } from '../../support/payments.ts'

const url = 'http://127.0.0.1:9/payment'
const agencyWith = (options: Agency['options'] = {}): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'payment-platform' },
  options: { platformUrl: url, confirmUrl: url, ...options },
})
const requestOf = (body: unknown, type = 'application/json'): DoorRequest => ({
  ...{ method: 'POST', path: '/payment-platform', query: {}, headers: { 'content-type': type } },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})
const decode = (body: unknown, options: Agency['options'] = {}): Trusted =>
  paymentPlatform.decode(requestOf(body), agencyWith(options))[0] as Trusted
const claimOf = (body: unknown) =>
  paymentPlatform.door?.claim(requestOf(body)) as Extract<Claim, { kind: 'account' }>
const isProved = (body: unknown, key = secret): boolean => claimOf(body).isProvedBy([key], {})

function encoded(action: 'payment.requested' | 'payment.result', payload: Payload, options = {}): Payload {
  const written = paymentPlatform.encode({ ...messageOf(action), payload }, agencyWith(options))
  if (written.kind === 'unsupported') throw new Error(written.reason)
  return JSON.parse(Buffer.from(written.body).toString()) as Payload
}

const keys: AgencyKeys = { secrets: () => [secret], privateKey: () => undefined }

/** Sends one message to a server that answers in turn; gives what it was sent and the outcome. */
async function sent(
  action: 'payment.requested' | 'payment.result',
  answers: readonly string[],
  options = {},
) {
  const bodies: Payload[] = []
  const transport: Transport = {
    post: async ({ body }) => {
      const said = answers[bodies.length] ?? ''
      bodies.push(JSON.parse(Buffer.from(body).toString()) as Payload)
      return { status: 200, headers: {}, body: Buffer.from(said) }
    },
  }
  const message = { ...messageOf(action), payload: samplePayload(action, 1) }
  const agency = agencyWith(options)
  const written = paymentPlatform.encode(message, agency)
  if (written.kind === 'unsupported') throw new Error(written.reason)
  const outcome = await paymentPlatform.send(
    { message, deliveryId: 'd', encoded: written },
    agency,
    transport,
    keys,
  )
  return { bodies, outcome }
}

describe('the payment platform', () => {
  it('decodes what it has encoded to the same payload', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.constantFrom('payment.requested', 'payment.result'),
        fc.constantFrom('compact', 'dashed', 'iso'),
        (n, action, dateStyle) => {
          const payload = {
            ...decode(encoded(action, samplePayload(action, n))).payload,
            TruongLa: { a: [1] },
          }
          const again = decode(encoded(action, payload, { dateStyle }))
          expect(again.payload).to.deep.equal({ ...payload, TruongLa: { a: ['1'] } })
          expect(parsePayload(action, again.payload).row.family).to.equal('payment')
          expect(again.header).to.include({ sender: 'H49', action })
        },
      ),
    )
  })

  it('knows who marked the request, over the text as it was written, by either rule', () => {
    expect(claimOf(marked(init)).account).to.equal('H49TEST')
    expect(claimOf(marked(confirm)).account).to.equal('CONFIRM:H49TEST')
    for (const fields of [init, confirm]) {
      expect(isProved(marked(fields))).to.equal(true)
      expect(isProved(marked(fields, 'hmac'))).to.equal(true)
      expect(isProved(marked(fields), 'another-secret')).to.equal(false)
      expect(isProved({ ...marked(fields), SoTien: '1500000' })).to.equal(false)
    }
  })

  it('marks amounts as they stand in the text: 150000, "150000", 150000.0 (trap 8)', () => {
    for (const amount of ['150000', '"150000"', '150000.0', '150000.00']) {
      const text = textToMark({ ...confirm, SoTien: amount.replaceAll('"', '') })
      const body = JSON.stringify({ ...confirm, SoTien: '@', MaXacThuc: markOf('sha256', text, secret) })
      const written = body.replace('"@"', amount)
      expect(isProved(written), amount).to.equal(true)
      expect(decode(written).payload['SoTien']).to.equal(amount.replaceAll('"', ''))
    }
  })

  it('does not touch a time before the mark is checked, nor refuse 12-hour clocks', () => {
    const odd = { ...init, ThoiGianGD: '2026-11-21 02:00:00' }
    expect(isProved(marked(odd))).to.equal(true)
    expect(decode(marked(odd)).payload['ThoiGianGD']).to.equal('20261121020000')
  })

  it('reads names in any case, and keeps the receipt block out of the mark', () => {
    const { MaDoiTac, ...rest } = marked(init)
    expect(isProved({ ...rest, madoitac: MaDoiTac })).to.equal(true)
    expect(isProved({ ...marked(init), ThongTinBienLai: { MaHoSo: 'khác' } })).to.equal(true)
  })

  it('takes the same words for a repeat, and others for another', () => {
    const refOf = (fields: object) => decode(fields).header.senderRef
    expect(refOf(marked(confirm))).to.equal(refOf(marked(confirm, 'hmac')))
    expect(refOf(marked(confirm))).not.to.equal(refOf(marked({ ...confirm, MaGiaoDich: 'GD2' })))
    expect(refOf(marked(init))).to.equal(refOf(marked({ ...init, SoTien: '1' })))
  })

  it('knows success in the spelling of the partner', () => {
    const paid = decode({ ...confirm, MaLoi: 'OK' }, { acceptedCodes: ['OK'] })
    expect(paid.payload).to.include({ MaLoi: 'OK', TrangThaiGD: '1' })
    expect(decode({ ...confirm, MaLoi: 'OK' }).payload).not.to.have.property('TrangThaiGD')
  })

  it('says INIT and CONFIRM with the mark of the rule chosen, its own partner code and constants', async () => {
    const asked = await sent('payment.requested', ['{"MaLoi":"00"}'], { partnerCode: 'TRUC01' })
    expect(asked.outcome.kind).to.equal('delivered')
    expect(asked.bodies[0]).to.include({ PhienBan: '1.0.6', MaDoiTac: 'TRUC01', LoaiHinhThanhToan: 'PAY' })
    expect(isProved(asked.bodies[0])).to.equal(true)
    const told = await sent('payment.result', ['{"MaLoi":"0"}'], { hashRule: 'hmac', dateStyle: 'dashed' })
    expect(told.outcome.kind).to.equal('delivered')
    const [body] = told.bodies
    expect(body?.['SoTien']).to.be.a('number')
    expect(body?.['ThoiGianGD']).to.match(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(body?.['MaXacThuc']).to.equal(markOf('hmac', textToMark(body ?? {}), secret))
  })

  it('asks the platform whether it has an INIT that it refuses: the answer to a try before may be lost', async () => {
    const known = await sent('payment.requested', ['{"MaLoi":"99"}', '{"MaLoi":"00","TrangThaiGD":"3"}'])
    expect(known.outcome.kind).to.equal('delivered')
    expect(known.bodies.map(({ LoaiBanTin }) => LoaiBanTin)).to.deep.equal(['INIT', 'QUERY'])
    expect(isProved(known.bodies[1])).to.equal(true)
    for (const answer of ['{"MaLoi":"99"}', '{"MaLoi":"00","TrangThaiGD":"3","SoTien":1}']) {
      const refused = await sent('payment.requested', ['{"MaLoi":"99","MoTaLoi":"Sai"}', answer])
      expect(refused.outcome, answer).to.deep.equal({ kind: 'refused', code: 'code_99', reason: 'Sai' })
    }
  })

  it('asks by QUERY and GET_BILL with the marks of the specification [dvcqg §9.1]', async () => {
    const vectors = [
      [
        ...['state', '2026-11-21T09:15:00+07:00', 'QUERY', '20261121091500'],
        'dbb528bf04f559040cd61edb5644bbdba1870d944e8f99de9a6fea5ea6a8d717',
      ],
      [
        ...['receipt', '2026-11-21T09:16:00+07:00', 'GET_BILL', '20261121091600'],
        '66552886c3eae0b7f6f16f7a29ec5f1d4a01eabe6a92f37c98d52d50c38d5589',
      ],
    ] as const
    for (const [about, moment, LoaiBanTin, ThoiGianGD, MaXacThuc] of vectors) {
      const bodies: unknown[] = []
      const transport: Transport = {
        post: async ({ body }) => {
          bodies.push(JSON.parse(Buffer.from(body).toString()))
          return { failure: 'unsent', code: 'refused', reason: 'nobody is there' }
        },
      }
      const question = { of: 'payment', about, reference, partner: 'H49TEST' } as const
      const partner = { agency: agencyWith({ hashRule: 'sha256' }), asker: 'H49', transport, keys }
      const reply = await paymentPlatform.ask?.(question, { ...partner, now: () => Date.parse(moment) })
      expect(reply).to.deep.equal({ kind: 'none', code: 'refused', reason: 'nobody is there' })
      const fields = { LoaiBanTin, PhienBan: '1.0.6', MaDoiTac: 'H49TEST', MaThamChieu: reference }
      expect(bodies).to.deep.equal([{ ...fields, ThoiGianGD, MaXacThuc }])
    }
  })

  it('takes an answer within a façade, and a page without a code for no answer', async () => {
    expect((await sent('payment.result', ['{"error_code":"0","message":"{}"}'])).outcome.kind).to.equal(
      'delivered',
    )
    expect((await sent('payment.result', ['<html>'])).outcome.kind).to.equal('in_doubt')
    expect((await sent('payment.result', ['{"MaLoi":"99"}'])).outcome.kind).to.equal('refused')
  })

  it('says what it cannot carry, and to whom it has no address', () => {
    const kindOf = (action: 'dossier.submitted' | 'payment.result', options: Agency['options']) =>
      paymentPlatform.encode(messageOf(action), { ...agencyWith(), options }).kind
    expect(kindOf('dossier.submitted', { confirmUrl: url })).to.equal('unsupported')
    expect(kindOf('payment.result', { platformUrl: url })).to.equal('unsupported')
    const options = { platformUrl: 'http://thanhtoan.example.vn/' }
    expect(paymentPlatform.options.safeParse(options).success).to.equal(false)
    expect(paymentPlatform.options.safeParse({ ...options, privateLine: true }).success).to.equal(true)
  })
})
