import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { eventually } from '../support/gateway.ts'
import { createParty, envelopeOf, type Party } from '../support/parties.ts'
import { dossier, portal, received, withPayments } from '../support/payments.ts'
import { withSink } from '../support/sink.ts'

const notice = {
  ...{ MaThamChieu: 'TBT-2026-000077', MaHoSo: dossier, SoTien: '2500000', MaSoThue: '0100000001' },
  ThongTinBienLai: {
    ...{ MaHoSo: dossier, SoQD: '77/TB-CT', NgayQD: '20261120', HoTenNguoiNop: 'Phạm Thị Mẫu' },
    DSKhoanNop: [{ NoiDung: 'Lệ phí trước bạ', SoTien: '2500000' }],
  },
}
const voucher = {
  ...{ MaThamChieu: 'TBT-2026-000077', MaHoSo: dossier, MaLoi: '00', SoTien: '2500000' },
  ...{ SoChungTu: 'CT000077', NgayChungTu: '20261121', UrlChungTu: 'https://bienlai.example.vn/77.pdf' },
}

describe('a tax notice over HTTP', () => {
  it('goes from the portal to the body whose dossier it is, and its voucher back', () =>
    withSink(async (sink) => {
      sink.answer(() => ({ status: 200, body: '{"error_code":0}' }))
      const options = { taxUrl: `${sink.url}/nhantbthuedvcqg` }
      const province = createParty({ code: 'H49', dialect: 'adapter-envelope', options })
      const tax = createParty({ code: 'G12', dialect: 'native-json' })
      await withPayments([province, portal, tax], {}, async ({ lent }) => {
        const say = async (
          party: Party,
          action: 'payment.requested' | 'payment.voucher',
          payload: Payload,
        ) => {
          const bytes = await envelopeOf(party, action, payload)
          const answer = await lent.call(party.apiKey, 'POST', '/v1/messages', {
            ...{ type: 'application/xml', bytes },
          })
          expect(answer.status, answer.text).to.equal(202)
        }
        await say(portal, 'payment.requested', notice)
        const [call] = await eventually('the notice', async () => sink.requests.length > 0 && sink.requests)
        expect(call?.path).to.equal('/in/nhantbthuedvcqg')
        const told = JSON.parse(String(call?.body)) as typeof notice
        expect(told).to.deep.include({ MaHoSo: dossier, MaSoThue: '0100000001', SoTien: '2500000' })
        expect(told.ThongTinBienLai).to.deep.include({
          SoQD: '77/TB-CT',
          DSKhoanNop: [{ NoiDung: 'Lệ phí trước bạ', SoTien: '2500000' }],
        })
        expect(await received(lent, portal)).to.deep.equal([])
        await say(province, 'payment.voucher', voucher)
        await say(tax, 'payment.voucher', { ...voucher, SoChungTu: 'CT000078' })
        expect(await received(lent, portal)).to.deep.equal(['payment.voucher', 'payment.voucher'])
        expect(await received(lent, province)).to.deep.equal(['payment.requested', 'payment.voucher'])
      })
    }))
})
