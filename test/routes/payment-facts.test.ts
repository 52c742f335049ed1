import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { createParty, envelopeOf, type Party } from '../support/parties.ts'
import {
  dossier,
  init,
  marked,
  openCases,
  portal,
  query,
  reference,
  withPayments,
} from '../support/payments.ts'

const province = createParty({ code: 'H49', dialect: 'payment-platform' })
const accounts = { 'account:payment-platform:H49TEST': 'H49' }
const about = { MaThamChieu: reference, MaDoiTac: 'H49TEST', MaHoSo: dossier }
const moved = { ...about, MaGiaoDich: 'GD20261121000077', SoTien: '150000' }

type Action = `payment.${'settled' | 'voucher' | 'refund-requested' | 'refund-refused' | 'records'}`

describe('what is said of money beside its result', () => {
  it('is in the ledger: a settlement pays; a voucher, books, the wish for a refund and its refusal stand beside it', () =>
    withPayments([province, portal], accounts, async (scene) => {
      const { lent, post } = scene
      const say = async (party: Party, action: Action, payload: Payload) => {
        const bytes = await envelopeOf(party, action, payload)
        const answer = await lent.call(party.apiKey, 'POST', '/v1/messages', {
          ...{ type: 'application/xml', bytes },
        })
        expect(answer.status, answer.text).to.equal(202)
      }
      const stateOf = async () => (await post('/payment-platform', marked(query))).json
      await post('/payment-platform', marked(init))
      const row = { ...moved, MaLoi: '00' }
      await say(province, 'payment.records', { MaThamChieuLo: 'BK1', data: [row] })
      expect(await stateOf(), 'books prove nothing').to.include({ TrangThaiGD: '3' })
      expect(await openCases(scene)).to.deep.equal(['other_record'])
      await say(portal, 'payment.voucher', { ...about, SoTien: '150000', SoChungTu: 'CT1' })
      expect(await stateOf()).to.include({ TrangThaiGD: '3' })
      const credited = { ...moved, ThoiGianGhiCo: '20261121160000' }
      const other = { ...credited, MaThamChieu: 'KHAC', MaHoSo: 'H49.05-261121-0002' }
      await say(portal, 'payment.settled', { MaThamChieuLo: 'LO1', data: [credited, other] })
      await say(province, 'payment.refund-requested', {
        ...{ ...about, MaYeuCauHoan: 'YC1', SoTienHoan: '150000', NgayYeuCau: '20261122' },
      })
      await say(portal, 'payment.refund-refused', {
        ...{ ...about, MaYeuCauHoan: 'YC1', SoTienHoan: '150000', NgayTuChoi: '20261123' },
      })
      expect(await stateOf()).to.include({
        TrangThaiGD: '1',
        MaGiaoDich: 'GD20261121000077',
        SoTien: 150_000,
      })
      const { json } = await lent.call(province.apiKey, 'GET', `/v1/payments?MaHoSo=${dossier}`)
      const [payment] = json['items'] as unknown as { facts: { kind: string }[] }[]
      expect(payment).to.include({ state: 'paid', paid: 150_000, refunded: 0 })
      const kinds = ['asked', 'recorded', 'vouched', 'settled', 'refund-asked', 'refund-refused']
      expect(payment?.facts.map(({ kind }) => kind)).to.deep.equal(kinds)
      expect(await lent.store.findPayment('KHAC', 'H49TEST')).to.include({ paid: 150_000, matched: false })
      expect(await openCases(scene)).to.deep.equal([])
    }))
})
