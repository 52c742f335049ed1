import { expect } from 'chai'
import fc from 'fast-check'
import type { Transport } from '../../../adapters/agencies/dialect.ts'
import { facade } from '../../../adapters/agencies/facade/index.ts'
import type { ActionName } from '../../../schemas/actions.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Outcome } from '../../../schemas/outcome.ts'
import { unescape } from '../../../signing/xml-text.ts'
import { messageOf } from '../../contracts/dialect.ts'

const url = 'https://motcua.example.vn/LienThongNVTCDVCQuocGia'
const agency: Agency = {
  ...{ code: 'H22', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'facade' },
  options: { tax: { url } },
}

const bill = {
  ...{ SoQD: '77/TB-CT', NgayQD: '20261120', HoTenNguoiNop: 'Phạm Thị Mẫu', DiaChiNguoiNop: '1 Phố Thử' },
  NoiDungThanhToan: 'Nộp lệ phí trước bạ',
  DSKhoanNop: [
    { NoiDung: 'Lệ phí trước bạ', SoTien: '2500000' },
    { NoiDung: 'Thuế TNCN <nhà & đất>', SoTien: 1000 },
  ],
}
const notice: Payload = {
  ...{ MaThamChieu: 'TBT-1', MaHoSo: 'H22-261121-0001', MaSoThue: '0100000001', ThongTinBienLai: bill },
}
const voucher: Payload = {
  ...notice,
  ...{ MaLoi: '00', SoTien: '2501000', ThoiGianGD: '20261121090145', MaGiaoDich: 'GD77' },
  UrlChungTu: 'https://bienlai.example.vn/77.pdf',
}

const encodeAs = (action: ActionName, payload: Payload) =>
  facade.encode({ ...messageOf(action), payload }, agency)

function formOf(action: ActionName, payload: Payload): Readonly<Record<string, unknown>> {
  const encoded = encodeAs(action, payload)
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  return JSON.parse(Buffer.from(encoded.body).toString()) as Readonly<Record<string, unknown>>
}

function xmlOf(payload: Payload): string {
  const { Data } = formOf('payment.requested', payload) as { Data: { FileThongBaoThue: string } }
  return Buffer.from(Data.FileThongBaoThue, 'base64').toString('utf8')
}

const textsOf = (xml: string, name: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text]) => unescape(text ?? ''))

const reasonOf = (action: ActionName, payload: Payload): string => {
  const encoded = encodeAs(action, payload)
  return encoded.kind === 'unsupported' ? encoded.reason : ''
}

interface Sent {
  readonly outcome: Outcome
  readonly calls: readonly { readonly url: string; readonly body: Payload }[]
}

async function deliver(
  action: ActionName,
  answer: string,
  secrets: readonly string[] = ['k'],
): Promise<Sent> {
  const message = { ...messageOf(action), payload: voucher }
  const encoded = facade.encode(message, agency)
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  const calls: { url: string; body: Payload }[] = []
  const transport: Transport = {
    post: ({ url, body }) => {
      calls.push({ url, body: JSON.parse(Buffer.from(body).toString()) as Payload })
      return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(answer) })
    },
  }
  const keys = { secrets: () => secrets, privateKey: () => undefined }
  return { outcome: await facade.send({ message, deliveryId: 'd', encoded }, agency, transport, keys), calls }
}

describe('tax forms of the façade', () => {
  it('writes a notice as XML in base64, a LIST for each levy, days as dd-MM-yyyy [dvcqg §9.4, §21 trap 11]', () => {
    const form = formOf('payment.requested', notice)
    expect(Object.keys(form)).to.deep.equal(['Service', 'Ngay', 'IsUpdating', 'Data'])
    expect(form).to.include({ Service: 'ImportThongBaoThueFromDVCQG', IsUpdating: 'False' })
    const common =
      '<MA_SO_THUE>0100000001</MA_SO_THUE><SO_QUYET_DINH>77/TB-CT</SO_QUYET_DINH><NGAY_QUYET_DINH>20-11-2026</NGAY_QUYET_DINH>'
    expect(xmlOf(notice)).to.equal(
      '<?xml version="1.0" encoding="utf-8"?><DATA><BODY><ROW_LIST><MA_HSO>H22-261121-0001</MA_HSO>' +
        `<LIST>${common}<TEN_TIEUMUC>Lệ phí trước bạ</TEN_TIEUMUC><SO_TIEN>2500000</SO_TIEN></LIST>` +
        `<LIST>${common}<TEN_TIEUMUC>Thuế TNCN &lt;nhà &amp; đất&gt;</TEN_TIEUMUC><SO_TIEN>1000</SO_TIEN></LIST>` +
        '</ROW_LIST></BODY></DATA>',
    )
  })

  it('keeps every levy of a notice, whatever stands in its name', () => {
    const levy = fc.record({
      NoiDung: fc
        .string({ minLength: 1 })
        .filter((text) => /^[^\p{Cc}]+$/u.test(text) && text.trim() === text),
      SoTien: fc.nat().map(String),
    })
    fc.assert(
      fc.property(fc.array(levy, { minLength: 1, maxLength: 5 }), (DSKhoanNop) => {
        const xml = xmlOf({ ...notice, ThongTinBienLai: { ...bill, DSKhoanNop } })
        const amounts = textsOf(xml, 'SO_TIEN')
        const read = textsOf(xml, 'TEN_TIEUMUC').map((NoiDung, at) => ({ NoiDung, SoTien: amounts[at] }))
        expect(read).to.deep.equal(DSKhoanNop)
      }),
    )
  })

  it('writes a voucher, and a result that has its receipt, as the province reads them [dvcqg §9.4]', () => {
    for (const action of ['payment.voucher', 'payment.result'] as const)
      expect(formOf(action, voucher), action).to.deep.equal({
        ...{ Service: 'ImportChungTuThueFromDVCQG', IsUpdating: 'False' },
        Data: {
          ...{ MaHoSo: 'H22-261121-0001', MaSoThue: '0100000001' },
          ThongTinThanhToan: {
            ...{ MaThongBaoThue: 'TBT-1', SoTien: '2501000', NoiDungThanhToan: 'Nộp lệ phí trước bạ' },
            ...{ ThoiGianThanhToan: '20261121090145', TrangThaiThanhToan: 1 },
          },
          UrlFileChungTu: 'https://bienlai.example.vn/77.pdf',
          ...{ HoTenNguoiNop: 'Phạm Thị Mẫu', SoCMNDNguoiNop: '', DiaChiNguoiNop: '1 Phố Thử' },
          ...{ HuyenNguoiNop: '', TinhNguoiNop: '' },
        },
      })
  })

  it('names what a form needs and a message does not say; a payment that failed has none', () => {
    const without = (payload: Payload, name: string) => ({ ...payload, [name]: '' })
    for (const name of ['MaHoSo', 'MaSoThue'])
      expect(reasonOf('payment.requested', without(notice, name))).to.include(name)
    for (const name of ['SoQD', 'NgayQD', 'DSKhoanNop'])
      expect(reasonOf('payment.requested', { ...notice, ThongTinBienLai: without(bill, name) })).to.include(
        name,
      )
    for (const name of ['MaHoSo', 'MaSoThue', 'MaThamChieu', 'SoTien', 'ThoiGianGD', 'UrlChungTu', 'MaLoi'])
      expect(reasonOf('payment.voucher', without(voucher, name))).to.include(name)
    expect(reasonOf('payment.result', { ...voucher, MaLoi: '99' })).to.include('MaLoi')
    const nowhere = { ...agency, options: {} }
    expect(facade.encode({ ...messageOf('payment.requested'), payload: notice }, nowhere).kind).to.equal(
      'unsupported',
    )
  })

  it('shows the key of the moment in the form, and sends nothing without one', async () => {
    const { outcome, calls } = await deliver('payment.voucher', '{"error_code":"0"}', ['moi', 'cu'])
    expect(outcome).to.deep.equal({ kind: 'delivered' })
    expect(calls[0]).to.have.property('url', `${url}/ImportChungTuThueFromDVCQG`)
    expect(calls[0]?.body).to.include({ SecurityKey: 'moi' })
    const none = await deliver('payment.voucher', '', [])
    expect(none.outcome).to.include({ kind: 'fault', code: 'no_secret' })
    expect(none.calls).to.be.empty
  })

  it('takes a form that the province has already for taken, and a refusal for one', async () => {
    const outcomeOf = async (answer: string) => (await deliver('payment.result', answer)).outcome
    expect((await outcomeOf('{"error_code":3,"message":"Chứng từ đã tồn tại"}')).kind).to.equal('delivered')
    expect(await outcomeOf('{"error_code":-1,"message":"Sai khóa"}')).to.deep.equal({
      ...{ kind: 'refused', code: 'code_-1', reason: 'Sai khóa' },
    })
    expect((await outcomeOf('<html>')).kind).to.equal('in_doubt')
  })
})
