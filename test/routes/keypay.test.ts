import { expect } from 'chai'
import { createParty } from '../support/parties.ts'
import {
  dossier,
  openCases,
  portal,
  received,
  resultOf,
  withPayments,
  type PaymentScene,
} from '../support/payments.ts'
import { keypayCallback, keypayCreate, keypayQuery } from '../support/samples/keypay.ts'

const province = createParty({ code: 'H49' })
const company = createParty({
  ...{ code: 'KEYPAY', partyClass: 'company', dialect: 'keypay', options: { secondAnswer: 'refuse' } },
})
const accounts = { 'account:keypay:CLIENT01': 'H49', 'account:keypay:callback:CLIENT01': 'KEYPAY' }
const callbackPath = '/o/pgi/kpdvcqg/paymentconfirm'
const reference = '1201_7f3c2a10-5b6e-'

const scene = (use: (scene: PaymentScene) => Promise<void>) =>
  withPayments([province, portal, company], accounts, use)

/** What the portal is told that a dossier owes. */
async function owed({ lent }: PaymentScene, MaHoSo: string) {
  const body = { type: 'application/json', bytes: JSON.stringify({ MaHoSo }) }
  const { status, json } = await lent.call(portal.apiKey, 'POST', '/o/pgi/kpdvcqg/dptracuuthanhtoanhs', body)
  expect(status).to.equal(200)
  return json as Readonly<Record<string, unknown>>
}

describe('KeyPay over HTTP', () => {
  it('goes the way of a payment: create, what is owed, result, the same again, state', () =>
    scene(async (lent) => {
      const { post } = lent
      expect(await owed(lent, dossier)).to.deep.equal({ error_code: 0, message: [] })
      expect((await post('/keypay', keypayCreate())).json).to.include({ error: '0' })
      expect((await post('/keypay', keypayQuery())).json).to.include({ error: '0', status: '3' })
      const due = await owed(lent, dossier)
      expect(due).to.include({ error_code: 1 })
      expect(due['message']).to.include({
        ...{ transaction_id: reference, client_id: 'CLIENT01', MaHoSo: dossier, SoTien: 150_000 },
        HoTenNguoiNop: 'Phạm Thị Mẫu',
      })
      for (const again of [1, 2])
        expect((await post(callbackPath, keypayCallback())).json, `${again}`).to.deep.equal({
          ...{ return_code: 0, return_msg: 'Thành công' },
        })
      const state = (await post('/keypay', keypayQuery())).json
      expect(state).to.include({ error: '0', status: '0', transaction_code: 'KP0001', trans_amount: 150_000 })
      expect(await owed(lent, dossier)).to.deep.equal({ error_code: 0, message: [] })
      expect(await received(lent.lent, province)).to.deep.equal(['payment.result'])
      const result = await resultOf(lent.lent, reference)
      expect(result.payload).to.include({ MaHoSo: dossier, MaGiaoDich: 'KP0001', MaLoi: '00' })
    }))

  it('acknowledges a failure with 0, and keeps it', () =>
    scene(async ({ post, lent }) => {
      await post('/keypay', keypayCreate())
      expect((await post(callbackPath, keypayCallback({ status: '2' }))).json).to.include({ return_code: 0 })
      expect(await lent.store.findPayment(reference, 'CLIENT01')).to.include({ state: 'failed', paid: 0 })
      expect((await post(callbackPath, keypayCallback())).json).to.include({ return_code: 0 })
      expect(await lent.store.findPayment(reference, 'CLIENT01')).to.include({ state: 'paid', paid: 150_000 })
    }))

  it('keeps what nobody asked for, and a second payment, and answers -1', () =>
    scene(async (lent) => {
      const { post } = lent
      expect((await post(callbackPath, keypayCallback())).json).to.include({ return_code: -1 })
      expect(await openCases(lent)).to.deep.equal(['unmatched'])
      await post('/keypay', keypayCreate())
      expect((await post(callbackPath, keypayCallback())).json).to.include({ return_code: 0 })
      const second = keypayCallback({ transaction_code: 'KP0002' })
      for (const again of [1, 2])
        expect((await post(callbackPath, second)).json, `${again}`).to.include({ return_code: -1 })
      expect(await openCases(lent)).to.deep.equal(['second_transaction'])
      expect(await lent.lent.store.findPayment(reference, '')).to.include({ paid: 300_000 })
    }))

  it('refuses a wrong sum, in the form of each request, and a look-up by nobody', () =>
    scene(async ({ post }) => {
      const wrong = { check_sum: '0'.repeat(64) }
      const sentence = 'Sai check_sum hoặc client_id'
      expect((await post('/keypay', { ...keypayCreate(), ...wrong })).json).to.deep.equal({
        ...{ error: '-1', msg: sentence },
      })
      expect((await post(callbackPath, { ...keypayCallback(), ...wrong })).json).to.deep.equal({
        ...{ return_code: -1, return_msg: sentence },
      })
      const anonymous = await post('/o/pgi/kpdvcqg/dptracuuthanhtoanhs', { MaHoSo: dossier })
      expect(anonymous).to.deep.equal({ status: 200, json: { error_code: -1, message: [] } })
    }))
})
