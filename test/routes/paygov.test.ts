import { expect } from 'chai'
import { createParty, envelopeOf } from '../support/parties.ts'
import { dossier, openCases, portal, received, withPayments } from '../support/payments.ts'
import { paygovCallback } from '../support/samples/paygov.ts'

const province = createParty({ code: 'H49' })
const gate = createParty({ code: 'PAYGOV', dialect: 'paygov' })
const accounts = { 'account:paygov:PAYGOV49': 'PAYGOV' }
const path = '/paygov/PAYGOV49/callback'
const reference = `H49.05-${dossier}-01`

describe('PayGov of a province over HTTP', () => {
  it('tells of a payment that a province has asked for, once however often it says so', () =>
    withPayments([province, portal, gate], accounts, async (scene) => {
      const { lent, post } = scene
      const bytes = await envelopeOf(province, 'payment.requested', {
        ...{ MaThamChieu: reference, MaHoSo: dossier, SoTien: 150_000 },
      })
      await lent.call(province.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
      for (const again of [1, 2])
        expect((await post(path, paygovCallback())).json, `${again}`).to.deep.equal({
          ...{ error_code: 'SUCCESSFUL', error_message: 'Thành công' },
        })
      expect(await received(lent, province)).to.deep.equal(['payment.result'])
      const [payment] = await lent.store.paymentsOf(dossier)
      expect(payment).to.include({ state: 'paid', paid: 150_000, reference })
      expect(await openCases(scene)).to.deep.equal([])
    }))

  it('answers FAILED to what nobody asked for, which is kept, and to a wrong sum, which is not', () =>
    withPayments([province, portal, gate], accounts, async (scene) => {
      const { lent, post } = scene
      expect((await post(path, paygovCallback())).json).to.include({ error_code: 'FAILED' })
      expect(await openCases(scene)).to.deep.equal(['unmatched'])
      const wrong = { ...paygovCallback({ transactionNo: 'PG0002' }), amount: 1 }
      expect((await post(path, wrong)).json).to.include({ error_message: 'Sai checksum hoặc mã đối tác' })
      expect((await post('/paygov/KHAC/callback', paygovCallback())).json).to.include({
        error_code: 'FAILED',
      })
      expect((await lent.store.findPayment(reference, ''))?.facts).to.have.lengthOf(1)
    }))
})
