import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { createParty, envelopeOf, type Party } from '../support/parties.ts'
import { confirm, dossier, init, marked, portal, reference, withPayments } from '../support/payments.ts'

const province = createParty({ code: 'H49', dialect: 'payment-platform' })
const other = createParty({ code: 'H50', dialect: 'native-json' })
const bank = createParty({ code: 'VCB', partyClass: 'company', dialect: 'payment-platform' })
const accounts = {
  'account:payment-platform:H49TEST': 'H49',
  'account:payment-platform:CONFIRM:H49TEST': 'VCB',
}
type Action = 'payment.requested' | 'payment.cancelled' | 'payment.refund-requested' | 'payment.voucher'

const foreign = { MaThamChieu: reference, MaHoSo: 'H50.05-261121-0001', SoTien: '1' }
const said: readonly (readonly [Action, Payload])[] = [
  ['payment.requested', foreign],
  ['payment.requested', { ...foreign, MaDoiTac: 'H50TEST' }],
  ['payment.cancelled', foreign],
  ['payment.refund-requested', { ...foreign, MaYeuCauHoan: 'YC9', SoTienHoan: '1' }],
  ['payment.voucher', { ...foreign, SoChungTu: 'CT9' }],
]

describe('who sees a payment', () => {
  it('is who asked, who reported, whom they told, and no other body that uses its reference', () =>
    withPayments([province, portal, bank, other], accounts, async ({ lent, post }) => {
      const seenBy = async ({ apiKey }: Party) => {
        const { json } = await lent.call(apiKey, 'GET', `/v1/payments?MaHoSo=${dossier}`)
        return (json['items'] as unknown as { reference: string }[]).length
      }
      await post('/payment-platform', marked(init))
      await post('/payment-platform', marked(confirm))
      for (const party of [province, portal, bank]) expect(await seenBy(party), party.agency.code).to.equal(1)
      for (const [action, payload] of said) {
        const bytes = await envelopeOf(other, action, payload)
        const type = 'application/xml'
        const answer = await lent.call(other.apiKey, 'POST', '/v1/messages', { type, bytes })
        expect(answer.status, answer.text).to.equal(202)
        expect(await seenBy(other), action).to.equal(0)
      }
      for (const party of [province, bank]) expect(await seenBy(party), party.agency.code).to.equal(1)
    }))
})
