import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import { createParty, envelopeOf } from '../support/parties.ts'
import {
  confirm,
  dossier,
  getBill,
  init,
  marked,
  openCases,
  query,
  received,
  reference,
  secret,
  textToMark,
  withPayments,
  type PaymentScene,
} from '../support/payments.ts'
import { markOf } from '../../signing/joined-mark.ts'
import { eventually } from '../support/gateway.ts'
import { withSink, type SinkAnswer } from '../support/sink.ts'

type Fields = Readonly<Record<string, unknown>>

const door = '/payment-platform'
const ours = 'TRUC01'

/** A platform's answer to QUERY: what it would say by CONFIRM, and the state. */
function stateOf(more: Fields = {}, key = secret): Fields {
  const fields = { ...confirm, MaDoiTac: ours, TrangThaiGD: '1', ...more }
  return { ...fields, MaXacThuc: markOf('sha256', textToMark(fields), key) }
}

interface Scene extends PaymentScene {
  /** What the platform was sent of a kind, oldest first. */
  readonly sent: (kind: string) => readonly Fields[]
  /** Says something at the door as an agency, which is answered 200. */
  readonly say: (fields: Fields) => Promise<Fields>
  readonly province: ReturnType<typeof createParty>
}

interface Setting {
  readonly toAgency?: Agency['options']
  readonly toPlatform?: Agency['options']
  readonly answer?: (asked: Fields) => SinkAnswer | Fields | 'silence' | null
}

const lookups = { QUERY: 'forward-then-local', GET_BILL: 'forward-then-local' }

/** Two provinces, of which the first forwards, and the real platform, where all of them are TRUC01. */
function scene(setting: Setting, use: (scene: Scene) => Promise<void>): Promise<void> {
  const { toAgency = {}, toPlatform = {}, answer = () => null } = setting
  return withSink((sink) => {
    const bodies = () => sink.requests.map(({ body }) => JSON.parse(String(body)) as Fields)
    sink.answer(({ body }) => {
      const asked = JSON.parse(String(body)) as Fields
      const given = answer(asked)
      if (given === 'silence') return new Promise(() => undefined)
      if (given !== null && typeof given['status'] === 'number') return given as unknown as SinkAnswer
      return { status: 200, body: JSON.stringify(given ?? { MaLoi: '00' }) }
    })
    const one = { lookups, ...toAgency }
    const province = createParty({ code: 'H49', dialect: 'payment-platform', options: one })
    const other = createParty({ code: 'H50', dialect: 'payment-platform', options: one })
    const options = { platformUrl: sink.url, partnerCode: ours, ...toPlatform }
    const platform = createParty({ code: 'G22', dialect: 'payment-platform', options })
    const accounts = {
      'account:payment-platform:H49TEST': 'H49',
      'account:payment-platform:H50TEST': 'H50',
      [`account:payment-platform:CONFIRM:${ours}`]: 'G22',
      payment: 'G22',
    }
    return withPayments([province, other, platform], accounts, (lent) =>
      use({
        ...lent,
        province,
        sent: (kind) => bodies().filter(({ LoaiBanTin }) => LoaiBanTin === kind),
        async say(fields) {
          const { status, json } = await lent.post(door, fields)
          expect(status, JSON.stringify(json)).to.equal(200)
          return json
        },
      }),
    )
  })
}

const onQuery =
  (answer: Fields) =>
  ({ LoaiBanTin }: Fields): Fields | null =>
    LoaiBanTin === 'QUERY' ? answer : null

describe('QUERY that is passed on to the real platform', () => {
  it('asks it now under our name there, answers the agency under its own, and keeps the money that it tells of', () =>
    scene({ answer: onQuery(stateOf()) }, async (lent) => {
      const { say, sent, province } = lent
      await say(marked(init))
      const state = await say(marked(query))
      expect(state).to.include({ MaLoi: '00', TrangThaiGD: '1', SoTien: 150_000, MaDoiTac: 'H49TEST' })
      expect(state).to.include({ MaGiaoDich: 'GD20261121000077', ThoiGianGD: '20261121090145' })
      expect(state['MaXacThuc']).to.equal(
        markOf('sha256', textToMark({ ...state, LoaiBanTin: 'CONFIRM' }).replace('CONFIRM', 'QUERY'), secret),
      )
      const [asked] = sent('QUERY')
      expect(asked).to.include({ MaDoiTac: ours, MaThamChieu: reference })
      expect(asked).to.deep.equal(marked(asked ?? {}))
      const payment = await lent.lent.store.findPayment(reference, 'H49TEST')
      expect(payment).to.include({ state: 'paid', paid: 150_000, dossier })
      expect(await received(lent.lent, province)).to.deep.equal(['payment.result'])
      expect(await openCases(lent)).to.deep.equal([])
      expect(await say(marked(query))).to.include({ TrangThaiGD: '1', MoTaLoi: 'Thành công' })
      expect(sent('QUERY'), 'what is paid here is not asked for').to.have.lengthOf(1)
      expect(await say(marked({ ...confirm, MaDoiTac: ours }))).to.include({ MaLoi: '00' })
      const after = await lent.lent.store.findPayment(reference, 'H49TEST')
      expect(after).to.include({ state: 'paid', paid: 150_000 })
      expect(await openCases(lent)).to.deep.equal([])
    }))

  it('keeps another amount too, and opens a case', () =>
    scene({ answer: onQuery(stateOf({ SoTien: 15_000 })) }, async (lent) => {
      await lent.say(marked(init))
      expect(await lent.say(marked(query))).to.include({ TrangThaiGD: '1', SoTien: 15_000 })
      expect(await openCases(lent)).to.deep.equal(['other_amount'])
    }))

  it('says what is open is open, and keeps what has failed once', () =>
    scene(
      { answer: ({ LoaiBanTin }) => (LoaiBanTin === 'QUERY' ? stateOf({ TrangThaiGD: '4' }) : null) },
      async (lent) => {
        await lent.say(marked(init))
        for (const again of [1, 2])
          expect(await lent.say(marked(query)), `${again}`).to.include({ TrangThaiGD: '4' })
        expect(lent.sent('QUERY')).to.have.lengthOf(2)
        const payment = await lent.lent.store.findPayment(reference, 'H49TEST')
        expect(payment?.facts.map(({ kind }) => kind)).to.deep.equal(['asked', 'failed'])
      },
    ))

  it('answers from the ledger, and says so, where the answer is none: no mark, another payment, no state, a fault, nothing for 5 s', () => {
    const answers: readonly (SinkAnswer | Fields | 'silence')[] = [
      stateOf({}, 'bi-mat-khac-hẳn'),
      stateOf({ MaThamChieu: 'KHAC' }),
      stateOf({ TrangThaiGD: '' }),
      stateOf({ MaLoi: '99' }),
      { status: 503 },
      { status: 200, body: '<html>' },
      { status: 200, body: '', cut: true },
      'silence',
    ]
    let at = 0
    return scene(
      { answer: ({ LoaiBanTin }) => (LoaiBanTin === 'QUERY' ? (answers[at] ?? null) : null) },
      async (lent) => {
        await lent.say(marked(init))
        lent.lent.clock.pass(120_000)
        for (at = 0; at < answers.length; at += 1) {
          const state = await lent.say(marked(query))
          expect(state, JSON.stringify(answers[at])).to.include({ MaLoi: '00', TrangThaiGD: '3' })
          expect(state['MoTaLoi']).to.match(/^Nền tảng không trả lời\. Dữ liệu .* cách đây 2 phút$/)
          expect(state['TuoiDuLieuGiay']).to.be.within(120, 180)
        }
        expect((await lent.lent.store.findPayment(reference, 'H49TEST'))?.facts).to.have.lengthOf(1)
      },
    )
  })

  it('believes an answer without a mark only where the option of the platform says so', () => {
    const unmarked = { ...stateOf(), MaXacThuc: '' }
    return scene({ answer: onQuery(unmarked), toPlatform: { queryMark: 'none' } }, async ({ say }) => {
      await say(marked(init))
      expect(await say(marked(query))).to.include({ TrangThaiGD: '1', MaGiaoDich: 'GD20261121000077' })
    })
  })

  it('fails, to be tried again, where nothing here may take its place', () =>
    scene(
      { answer: () => ({ status: 503 }), toAgency: { lookups: { QUERY: 'forward' } } },
      async ({ say, post }) => {
        await say(marked(init))
        const { status, json } = await post(door, marked(query))
        expect(status).to.equal(503)
        expect(json).to.include({ MaLoi: '99' })
      },
    ))

  it('is no way to read the payment of another: to who is no party it is unknown, nobody is asked, and the log tells', () =>
    scene({ answer: onQuery(stateOf()) }, async ({ say, sent, lent, province }) => {
      await say(marked(init))
      await eventually('INIT', async () => sent('INIT').length > 0)
      const unnamed = { MaThamChieu: 'KHONG-DOI-TAC', MaHoSo: dossier, SoTien: 150_000 }
      const bytes = await envelopeOf(province, 'payment.requested', unnamed)
      const type = 'application/xml'
      expect((await lent.call(province.apiKey, 'POST', '/v1/messages', { type, bytes })).status).to.equal(202)
      for (const MaThamChieu of [reference, 'KHAC', 'KHONG-DOI-TAC']) {
        const foreign = await say(marked({ ...query, MaDoiTac: 'H50TEST', MaThamChieu }))
        expect(foreign).to.include({ MaLoi: '99', MoTaLoi: 'Không tìm thấy giao dịch' })
      }
      expect(sent('QUERY')).to.deep.equal([])
      const lines = lent.log.filter(({ event }) => event === 'payment not asked')
      expect(lines.map(({ fields }) => fields['reason'])).to.deep.equal(['unknown', 'unknown', 'not a party'])
    }))

  it('is not asked under a reference that two bodies have used', () =>
    scene({ answer: onQuery(stateOf()) }, async ({ say, sent, lent }) => {
      await say(marked(init))
      await say(marked({ ...init, MaDoiTac: 'H50TEST', ThongTinBienLai: { MaHoSo: 'H50.05-261121-0001' } }))
      for (const MaDoiTac of ['H49TEST', 'H50TEST'])
        expect(await say(marked({ ...query, MaDoiTac }))).to.include({ TrangThaiGD: '3' })
      expect(sent('QUERY')).to.deep.equal([])
      expect(await lent.store.findPayment(reference, 'H50TEST')).to.include({ state: 'asked' })
      const lines = lent.log.filter(({ event }) => event === 'payment not asked')
      expect(lines.map(({ fields }) => fields['reason'])).to.include('reference of several')
    }))
})

describe('GET_BILL that is passed on to the real platform', () => {
  const pdf = '%PDF-1.7\nbien lai'
  const onBill = (given: SinkAnswer | Fields) => (asked: Fields) =>
    asked['LoaiBanTin'] === 'GET_BILL' ? given : null

  it('answers with its link, in the form that the agency reads', async () => {
    const link = 'https://bienlai.example.vn/9.pdf'
    const answer = onBill({ MaLoi: '00', URLBienLai: link })
    await scene({ answer }, async ({ say, sent }) => {
      await say(marked(init))
      expect(await say(marked(getBill))).to.include({ MaLoi: '00', UrlBienLai: link, MaDoiTac: 'H49TEST' })
      expect(sent('GET_BILL')).to.have.lengthOf(1)
    })
    await scene({ answer, toAgency: { receipt: 'redirect' } }, async ({ say, post }) => {
      await say(marked(init))
      expect(await post(door, marked(getBill))).to.deep.equal({ status: 302, json: { location: link } })
    })
  })

  it('gives the PDF that it gave, to those who read it as the body', () =>
    scene(
      { answer: onBill({ status: 200, body: pdf }), toAgency: { receipt: 'pdf' } },
      async ({ say, lent }) => {
        await say(marked(init))
        const body = JSON.stringify(marked(getBill))
        const headers = { 'content-type': 'application/json' }
        const answer = await fetch(`${lent.url}${door}`, { method: 'POST', body, headers })
        expect(answer.headers.get('content-type')).to.equal('application/pdf')
        expect(await answer.text()).to.equal(pdf)
      },
    ))

  it('says that there is none yet, from here, where the platform has none', () =>
    scene({ answer: onBill({ MaLoi: '99', MoTaLoi: 'Chưa có' }) }, async ({ say }) => {
      await say(marked(init))
      expect(await say(marked(getBill))).to.include({ MaLoi: '99', MoTaLoi: 'Chưa có biên lai' })
    }))
})
