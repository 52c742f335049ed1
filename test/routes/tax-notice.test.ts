import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { eventually, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, type Party } from '../support/parties.ts'
import { dossier, portal, received, secret, withPayments } from '../support/payments.ts'
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

/** Says something as a party, which the gateway takes. */
const sayerAt =
  (lent: LentGateway) =>
  async (party: Party, action: 'payment.requested' | 'payment.voucher', payload: Payload): Promise<void> => {
    const bytes = await envelopeOf(party, action, payload)
    const answer = await lent.call(party.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
    expect(answer.status, answer.text).to.equal(202)
  }

describe('a tax notice over HTTP', () => {
  it('goes from the portal to the body whose dossier it is, and its voucher back', () =>
    withSink(async (sink) => {
      sink.answer(() => ({ status: 200, body: '{"error_code":0}' }))
      const options = { taxUrl: `${sink.url}/nhantbthuedvcqg` }
      const province = createParty({ code: 'H49', dialect: 'adapter-envelope', options })
      const tax = createParty({ code: 'G12', dialect: 'native-json' })
      await withPayments([province, portal, tax], {}, async ({ lent }) => {
        const say = sayerAt(lent)
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

  it('goes to a province as the form of its tax controller, and the voucher after it', () =>
    withSink(async (sink) => {
      sink.answer(() => ({ status: 200, body: '{"error_code":"0"}' }))
      const province = createParty({ code: 'H49', dialect: 'facade', options: { tax: { url: sink.url } } })
      await withPayments([province, portal], { 'tax-key': 'H49' }, async ({ lent }) => {
        const say = sayerAt(lent)
        await say(portal, 'payment.requested', notice)
        await say(portal, 'payment.voucher', {
          ...{ ...voucher, MaSoThue: '0100000001', MaGiaoDich: 'GD77' },
          ...{ ThoiGianGD: '20261121090145', ThongTinGiaoDich: 'NOP THUE' },
        })
        const calls = await eventually(
          'both forms',
          async () => sink.requests.length > 1 && [...sink.requests],
        )
        const bodies = calls.map(({ body }) => JSON.parse(String(body)) as Payload)
        expect(calls.map(({ path }) => path)).to.deep.equal([
          ...['/in/ImportThongBaoThueFromDVCQG', '/in/ImportChungTuThueFromDVCQG'],
        ])
        for (const body of bodies) expect(body).to.include({ SecurityKey: secret })
        const { FileThongBaoThue } = bodies[0]?.['Data'] as { FileThongBaoThue: string }
        expect(Buffer.from(FileThongBaoThue, 'base64').toString()).to.include(`<MA_HSO>${dossier}</MA_HSO>`)
      })
    }))
})
