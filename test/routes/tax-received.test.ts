import { expect } from 'chai'
import { facade } from '../../adapters/agencies/facade/index.ts'
import type { Payload } from '../../schemas/message.ts'
import { messageOf } from '../contracts/dialect.ts'
import { createParty } from '../support/parties.ts'
import { dossier, openCases, received, secret, withPayments, type PaymentScene } from '../support/payments.ts'

const base = `/facade/~thue/${secret}/LienThongNVTCDVCQuocGia`
const province = createParty({ code: 'H49', dialect: 'native-json' })
const portal = createParty({ code: 'G22', dialect: 'facade' })
const reference = `${dossier}/77/TB-CT`
const levies = [
  { NoiDung: 'Lệ phí trước bạ', SoTien: '2500000' },
  { NoiDung: 'Thuế TNCN <nhà & đất>', SoTien: '1000' },
]

/** The form as this gateway writes it for a province's own controller. */
function formOf(more: Payload = {}): Payload {
  const bill = { MaHoSo: dossier, SoQD: '77/TB-CT', NgayQD: '20261120', DSKhoanNop: levies, ...more }
  const payload = { MaThamChieu: 'TBT', MaHoSo: dossier, MaSoThue: '0100000001', ThongTinBienLai: bill }
  const options = { tax: { url: 'https://motcua.example.vn/thue' } }
  const agency = createParty({ code: 'H49', dialect: 'facade', options }).agency
  const encoded = facade.encode({ ...messageOf('payment.requested'), payload }, agency)
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  return { SecurityKey: 'khoa', ...(JSON.parse(Buffer.from(encoded.body).toString()) as Payload) }
}

const voucher = (more: Payload = {}, paid: Payload = {}): Payload => ({
  ...{ SecurityKey: 'khoa', Service: 'ImportChungTuThueFromDVCQG', IsUpdating: 'False' },
  Data: {
    ...{ MaHoSo: dossier, MaSoThue: '0100000001' },
    ThongTinThanhToan: {
      ...{ MaThongBaoThue: '77/TB-CT', SoTien: '2501000', NoiDungThanhToan: 'Nộp lệ phí trước bạ' },
      ...{ ThoiGianThanhToan: '20261121090145', TrangThaiThanhToan: 1, ...paid },
    },
    ...{ UrlFileChungTu: 'https://bienlai.example.vn/77.pdf', HoTenNguoiNop: 'Phạm Thị Mẫu', ...more },
  },
})

const scene = (use: (scene: PaymentScene) => Promise<void>): Promise<void> =>
  withPayments([province, portal], { 'account:facade:thue': 'G22' }, use)

const sayTo = async ({ post }: PaymentScene, operation: string, body: unknown) => {
  const { status, json } = await post(`${base}/${operation}`, body)
  expect(status).to.equal(200)
  return json
}
const notice = 'ImportThongBaoThueFromDVCQG'
const paidBy = 'ImportChungTuThueFromDVCQG'

describe('forms of taxes that the portal hands to a province', () => {
  it('become a request to pay for the body whose dossier it is, and its result', () =>
    scene(async (lent) => {
      for (const again of [1, 2])
        expect(await sayTo(lent, notice, formOf()), `${again}`).to.include({ error_code: '0' })
      const [asked] = await lent.lent.store.latestMessages(reference, ['payment.requested'])
      expect(asked?.message).to.deep.include({ sender: 'G22', recipients: ['H49'] })
      expect(asked?.message.payload).to.deep.include({
        ...{ MaThongBaoThue: '77/TB-CT', MaHoSo: dossier, MaSoThue: '0100000001', SoTien: '2501000' },
        ThongTinBienLai: {
          ...{ MaHoSo: dossier, SoQD: '77/TB-CT', NgayQD: '20261120000000', DSKhoanNop: levies },
        },
      })
      expect(await sayTo(lent, paidBy, voucher())).to.include({ error_code: '0' })
      const payment = await lent.lent.store.findPayment(reference, '')
      expect(payment).to.include({ state: 'paid', paid: 2_501_000, asked: 2_501_000, dossier })
      expect(await received(lent.lent, province)).to.deep.equal(['payment.requested', 'payment.result'])
      expect(await openCases(lent)).to.deep.equal([])
    }))

  it('are one request for each decision', () =>
    scene(async (lent) => {
      const { Data, ...rest } = formOf()
      const file = (Data as { readonly FileThongBaoThue: string }).FileThongBaoThue
      const xml = Buffer.from(file, 'base64').toString()
      const other = xml.replace('77/TB-CT', '78/TB-CT')
      const FileThongBaoThue = Buffer.from(other).toString('base64')
      expect(await sayTo(lent, notice, { ...rest, Data: { FileThongBaoThue } })).to.include({
        error_code: '0',
      })
      const payments = await lent.lent.store.paymentsOf(dossier)
      expect(payments.map((each) => [each.reference, each.asked])).to.deep.equal([
        [reference, 1_000],
        [`${dossier}/78/TB-CT`, 2_500_000],
      ])
    }))

  it('are refused where they cannot be read, or say nothing of a payment', () =>
    scene(async (lent) => {
      const fileOf = (xml: string) => ({ Data: { FileThongBaoThue: Buffer.from(xml).toString('base64') } })
      const rows = (inner: string) => fileOf(`<DATA><BODY><ROW_LIST>${inner}</ROW_LIST></BODY></DATA>`)
      const levy = '<LIST><SO_QUYET_DINH>1</SO_QUYET_DINH><SO_TIEN>1.5</SO_TIEN></LIST>'
      for (const body of [
        {},
        { Data: { FileThongBaoThue: 'không phải base64' } },
        fileOf('<DATA/>'),
        fileOf('<!DOCTYPE DATA [<!ENTITY a "b">]><DATA>&a;</DATA>'),
        rows('<MA_HSO>H49</MA_HSO>'),
        rows(levy),
        rows(`<MA_HSO>H49</MA_HSO>${levy}`),
        rows('<MA_HSO>H49</MA_HSO><LIST><SO_TIEN>1</SO_TIEN></LIST>'),
      ])
        expect(await sayTo(lent, notice, body), JSON.stringify(body)).not.to.include({ error_code: '0' })
      for (const body of [voucher({ MaHoSo: '' }), voucher({}, { MaThongBaoThue: '' }), {}])
        expect(await sayTo(lent, paidBy, body), JSON.stringify(body)).not.to.include({ error_code: '0' })
      expect(await lent.lent.store.paymentsOf('H49')).to.deep.equal([])
    }))

  it('call nothing paid that is in another state, and keep for a person what no notice was for', () =>
    scene(async (lent) => {
      await sayTo(lent, notice, formOf())
      for (const TrangThaiThanhToan of ['0', '', 2])
        expect(await sayTo(lent, paidBy, voucher({}, { TrangThaiThanhToan }))).to.include({
          error_code: '400',
        })
      expect(await lent.lent.store.findPayment(reference, '')).to.include({ state: 'asked', paid: 0 })
      const unknown = await sayTo(lent, paidBy, voucher({}, { MaThongBaoThue: 'KHAC' }))
      expect(unknown).to.include({ error_code: '404' })
      expect(unknown['message']).to.contain('đã ghi nhận để đối soát')
      expect(await openCases(lent)).to.deep.equal(['undeliverable'])
    }))
})
