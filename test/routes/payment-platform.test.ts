import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import { markOf } from '../../signing/joined-mark.ts'
import { eventually } from '../support/gateway.ts'
import { createParty, envelopeOf } from '../support/parties.ts'
import {
  confirm,
  dossier,
  getBill,
  init,
  marked,
  openCases,
  portal,
  query,
  received,
  reference,
  resultOf,
  secret,
  withPayments,
  type PaymentScene,
} from '../support/payments.ts'
import { withSink } from '../support/sink.ts'

const door = '/payment-platform'
const accounts = {
  'account:payment-platform:H49TEST': 'H49',
  'account:payment-platform:CONFIRM:H49TEST': 'VCB',
}

type Options = Agency['options']
const bank = (options: Options = {}) =>
  createParty({ code: 'VCB', partyClass: 'company', dialect: 'payment-platform', options })
const agency = (options: Options = {}) => createParty({ code: 'H49', dialect: 'payment-platform', options })

function scene(
  use: (scene: PaymentScene & { readonly province: ReturnType<typeof agency> }) => Promise<void>,
  { toBank = {}, toAgency = {} }: { readonly toBank?: Options; readonly toAgency?: Options } = {},
): Promise<void> {
  const province = agency(toAgency)
  return withPayments([province, portal, bank(toBank)], accounts, (lent) => use({ ...lent, province }))
}

const say = async ({ post }: PaymentScene, fields: object, path = door) => (await post(path, fields)).json

describe('the payment platform over HTTP', () => {
  it('goes the way of a payment: INIT, CONFIRM, the same again, QUERY, GET_BILL', () =>
    scene(
      async (lent) => {
        const asked = await say(lent, marked(init))
        expect(asked).to.include({ MaLoi: '00', MaDoiTac: 'H49TEST', MaThamChieu: reference })
        expect(asked['UrlThanhToan']).to.equal(`https://thanhtoan.example.vn/${reference}`)
        expect(await say(lent, marked(query))).to.include({ MaLoi: '00', TrangThaiGD: '3' })
        const told = await say(lent, marked({ ...confirm, UrlBienLai: 'https://bienlai.example.vn/1' }))
        const text = ['MaLoi', 'MoTaLoi', 'MaDoiTac', 'MaThamChieu', 'ThoiGianGD'].map((name) => told[name])
        expect(told).to.include({ MaLoi: '00', MaXacThuc: markOf('sha256', text.join('|'), secret) })
        const again = await say(lent, marked({ ...confirm, UrlBienLai: 'https://bienlai.example.vn/1' }))
        expect(again).to.deep.equal(told)
        const state = await say(lent, marked(query))
        expect(state).to.include({
          MaLoi: '00',
          TrangThaiGD: '1',
          SoTien: 150_000,
          MaGiaoDich: 'GD20261121000077',
        })
        const bill = await say(lent, marked(getBill))
        expect(bill).to.include({ MaLoi: '00', UrlBienLai: 'https://bienlai.example.vn/1' })
        const toPortal = await received(lent.lent, portal)
        expect([...toPortal].sort()).to.deep.equal(['payment.requested', 'payment.result'])
        expect(await received(lent.lent, lent.province)).to.deep.equal(['payment.result'])
        const result = await resultOf(lent.lent)
        expect(result).to.deep.include({ sender: 'VCB', recipients: ['H49', 'G22'] })
        expect(result.payload).to.include({ MaHoSo: dossier, SoTien: '150000' })
        expect(await openCases(lent)).to.deep.equal([])
      },
      { toAgency: { paymentUrl: 'https://thanhtoan.example.vn/{MaThamChieu}' } },
    ))

  it('keeps a failure and the success after it, and is paid', () =>
    scene(async (lent) => {
      await say(lent, marked(init))
      const failed = { ...confirm, MaLoi: '24', MaGiaoDich: 'GD1' }
      for (const fields of [failed, confirm, failed])
        expect(await say(lent, marked(fields))).to.include({ MaLoi: '00' })
      expect(await say(lent, marked(query))).to.include({ TrangThaiGD: '1' })
      const path = `/v1/payments?MaHoSo=${dossier}`
      const { json } = await lent.lent.call(lent.province.apiKey, 'GET', path)
      const [payment] = json['items'] as unknown as { state: string; facts: { kind: string }[] }[]
      expect(payment).to.include({ state: 'paid', paid: 150_000, sender: 'H49' })
      expect(payment?.facts.map(({ kind }) => kind)).to.deep.equal(['asked', 'failed', 'paid'])
    }))

  it('stores a second transaction and another amount, answers 00, and opens a case for each', () =>
    scene(async (lent) => {
      await say(lent, marked(init))
      for (const more of [{}, { MaGiaoDich: 'GD2' }, { MaGiaoDich: 'GD3', SoTien: 15_000 }])
        expect(await say(lent, marked({ ...confirm, ...more }))).to.include({ MaLoi: '00' })
      expect(await openCases(lent)).to.have.members([
        'second_transaction',
        'second_transaction',
        'other_amount',
      ])
      const payment = await lent.lent.store.findPayment(reference, 'H49TEST')
      expect(payment).to.include({ paid: 315_000, state: 'paid' })
    }))

  it('answers a second transaction 99 to a partner whose option says so, again and again, and stores it all the same', () =>
    scene(
      async (lent) => {
        await say(lent, marked(init))
        for (const again of [1, 2]) {
          expect(await say(lent, marked(confirm)), `${again}`).to.include({ MaLoi: '00' })
          expect(await say(lent, marked({ ...confirm, MaGiaoDich: 'GD2' }))).to.include({ MaLoi: '99' })
        }
        expect(await lent.lent.store.findPayment(reference, '')).to.include({ paid: 300_000 })
      },
      { toBank: { secondAnswer: 'refuse' } },
    ))

  it('stores what nobody asked for, answers 99 and opens a case; when it is asked for, the repeat goes to its dossier', () =>
    scene(async (lent) => {
      for (const again of [1, 2])
        expect(await say(lent, marked(confirm)), `${again}`).to.include({ MaLoi: '99' })
      expect(await openCases(lent)).to.deep.equal(['unmatched'])
      expect(await lent.lent.store.findPayment(reference, 'H49TEST')).to.include({
        matched: false,
        paid: 150_000,
      })
      expect(await say(lent, marked(init))).to.include({ MaLoi: '00' })
      expect(await say(lent, marked(confirm))).to.include({ MaLoi: '00' })
      expect(await openCases(lent)).to.deep.equal([])
      expect(await received(lent.lent, lent.province)).to.deep.equal(['payment.result'])
      expect((await resultOf(lent.lent)).payload).to.include({ MaHoSo: dossier })
      expect(await lent.lent.store.findPayment(reference, 'H49TEST')).to.include({
        matched: true,
        paid: 150_000,
      })
    }))

  it('keeps a report whose amount or time cannot be read, for a person', () =>
    scene(async (lent) => {
      await say(lent, marked(init))
      expect(await say(lent, marked({ ...confirm, SoTien: '150.000' }))).to.include({ MaLoi: '99' })
      expect(await openCases(lent)).to.deep.equal(['no_amount'])
      const facts = (await lent.lent.store.findPayment(reference, 'H49TEST'))?.facts ?? []
      expect(facts.map(({ kind }) => kind)).to.deep.equal(['asked', 'paid'])
    }))

  it('answers a wrong MaXacThuc 99, says so in the log, and keeps nothing', () =>
    scene(async (lent) => {
      await say(lent, marked(init))
      const wrong = await lent.post(door, { ...marked(confirm), SoTien: 1_500_000 })
      expect(wrong).to.deep.include({ status: 200 })
      expect(wrong.json).to.deep.equal({ MaLoi: '99', MoTaLoi: 'Sai mã xác thực hoặc mã đối tác' })
      const lines = lent.lent.log.filter(({ event }) => event === 'refused').map(({ fields }) => fields)
      expect(lines.some(({ code, path }) => code === 'unauthenticated' && path === door)).to.equal(true)
      expect(JSON.stringify(lines)).not.to.include(secret)
      expect((await lent.lent.store.findPayment(reference, ''))?.facts).to.have.lengthOf(1)
    }))

  it('lets an agency ask for money, and not say that it was paid', () =>
    scene(async (lent) => {
      await say(lent, marked(init))
      const unknown = marked({ ...confirm, MaDoiTac: 'KHAC' })
      expect(await say(lent, unknown)).to.include({ MaLoi: '99' })
      expect((await lent.lent.store.findPayment(reference, ''))?.facts).to.have.lengthOf(1)
    }))

  it('takes an INIT again, and tells one with another amount that the reference exists', () =>
    scene(async (lent) => {
      const first = await say(lent, marked(init))
      expect(await say(lent, marked(init))).to.deep.equal(first)
      const other = await say(lent, marked({ ...init, SoTien: '1' }))
      expect(other).to.include({ MaLoi: '99', MoTaLoi: `Mã ${reference} đã tồn tại` })
    }))

  it('never takes two QUERY or GET_BILL for one: each is answered as things stand', () =>
    scene(async (lent) => {
      expect(await say(lent, marked(query))).to.include({ MaLoi: '99' })
      await say(lent, marked(init))
      expect(await say(lent, marked(query))).to.include({ MaLoi: '00', TrangThaiGD: '3' })
      expect(await say(lent, marked(getBill))).to.include({ MaLoi: '99', MoTaLoi: 'Chưa có biên lai' })
      await say(lent, marked({ ...confirm, MaLoi: '24' }))
      expect(await say(lent, marked(query))).to.include({ MaLoi: '00', TrangThaiGD: '4' })
    }))

  it('shows the way to the PDF to clients that read it as the body, and answers a façade in its form', () =>
    scene(
      async (lent) => {
        const asked = await say(lent, marked(init, 'hmac'))
        expect(asked).to.include({ error_code: '0' })
        expect(JSON.parse(String(asked['message']))).to.include({ MaLoi: '00', MaThamChieu: reference })
        await say(
          lent,
          marked({ ...confirm, UrlBienLai: 'https://bienlai.example.vn/1.pdf' }),
          '/DvcPayment/Confirm',
        )
        const bill = await lent.post(door, marked(getBill, 'hmac'))
        expect(bill).to.deep.equal({ status: 302, json: { location: 'https://bienlai.example.vn/1.pdf' } })
        expect(await say(lent, marked(query, 'sha256'))).to.include({ MaLoi: '99' })
      },
      { toAgency: { receipt: 'redirect', answerForm: 'facade', hashRule: 'hmac' } },
    ))

  it('says in its own form what it cannot read', () =>
    scene(async ({ post }) => {
      for (const body of [
        '',
        '[]',
        '{',
        '{"LoaiBanTin":"KHAC"}',
        '{"LoaiBanTin":"INIT","loaibantin":"QUERY"}',
      ]) {
        const { status, json } = await post(door, body)
        expect(status, body).to.equal(200)
        expect(json, body).to.include({ MaLoi: '99' })
      }
    }))

  it('stands in an agency’s place towards the platform: INIT goes out, CONFIRM comes in', () =>
    withSink(async (sink) => {
      sink.answer(() => ({ status: 200, body: '{"MaLoi":"00"}' }))
      const options = { platformUrl: sink.url, partnerCode: 'TRUC01' }
      const platform = createParty({ code: 'G22', dialect: 'payment-platform', options })
      const province = createParty({ code: 'H49', dialect: 'native-json' })
      const secrets = { 'account:payment-platform:CONFIRM:TRUC01': 'G22', payment: 'G22' }
      await withPayments([province, platform], secrets, async ({ lent, post }) => {
        const bytes = await envelopeOf(province, 'payment.requested', {
          ...{ MaThamChieu: reference, MaDoiTac: 'H49TEST', MaHoSo: dossier, SoTien: 150_000 },
        })
        const type = 'application/xml'
        expect((await lent.call(province.apiKey, 'POST', '/v1/messages', { type, bytes })).status).to.equal(
          202,
        )
        const [call] = await eventually('INIT', async () => sink.requests.length > 0 && sink.requests)
        const asked = JSON.parse(String(call?.body)) as Readonly<Record<string, unknown>>
        expect(asked).to.deep.include(marked({ ...asked, MaDoiTac: 'TRUC01', LoaiBanTin: 'INIT' }))
        const { json } = await post(
          '/o/pgi/ppdvcqg/dpnhankqthanhtoanhs',
          marked({ ...confirm, MaDoiTac: 'TRUC01' }),
        )
        expect(json).to.include({ MaLoi: '00' })
        expect((await resultOf(lent)).payload).to.include({ MaHoSo: dossier, MaDoiTac: 'H49TEST' })
      })
    }))

  it('tells an agency on the platform of a payment by CONFIRM', () =>
    withSink(async (sink) => {
      sink.answer(() => ({ status: 200, body: '{"MaLoi":"00"}' }))
      const province = agency({ confirmUrl: sink.url })
      const secrets = { ...accounts, payment: 'H49' }
      await withPayments([province, portal, bank()], secrets, async (lent) => {
        await say(lent, marked(init))
        await say(lent, marked(confirm))
        const [call] = await eventually('CONFIRM', async () => sink.requests.length > 0 && sink.requests)
        const told = JSON.parse(String(call?.body)) as Readonly<Record<string, unknown>>
        expect(told).to.deep.include(marked(confirm))
      })
    }))
})
