import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { wholeDong } from '../../../schemas/money-fact.ts'
import { objectIn } from '../../../schemas/objects.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { DoorRequest, Trusted } from '../dialect.ts'
import { parametersOf, utf8Of } from '../dossiers/asked.ts'
import { createTreeReader } from '../edxml/read-tree.ts'
import { childOf, childrenOf, type Node } from '../edxml/tree.ts'
import type { MoneyDeed } from '../money.ts'
import { contentOf } from '../payments/content.ts'

/** Operations by which the portal hands a province the forms of taxes (dvcqg §9.4). */
export const noticeService = 'ImportThongBaoThueFromDVCQG'
export const voucherService = 'ImportChungTuThueFromDVCQG'

interface Teller {
  /** Code of the body that sends the form. */
  readonly sender: string
}

const isBase64 = /^[A-Za-z0-9+/\s]+=*\s*$/

const fault = (field: string, reason: string): GatewayError =>
  new GatewayError('invalid_field', { field, reason })

/** `Data` of a form. What stands beside it is of the line by which it came: the caller has shown who it is already. */
function dataIn(request: DoorRequest): ReadonlyMap<string, Json> {
  return parametersOf(objectIn(parametersOf(readJson(utf8Of(request))).get('data')))
}

/** A decision counts within its dossier: offices number their decisions alike. */
const referenceOf = (maHoSo: string, notice: string): string => `${maHoSo}/${notice}`

const leaf = (node: Node, name: string): string => (childOf(node, name)?.text ?? '').trim()

/** The rows of a notice: XML in base64. Throws `invalid_field`, `malformed_xml` or `too_large`. */
function rowsIn(file: string): Node {
  if (!isBase64.test(file)) throw fault('FileThongBaoThue', 'not base64')
  const reader = createTreeReader()
  reader.write(Buffer.from(file, 'base64').toString('utf8'))
  const rows = childOf(childOf(reader.end(), 'BODY'), 'ROW_LIST')
  if (rows === undefined) throw fault('FileThongBaoThue', 'no /DATA/BODY/ROW_LIST')
  return rows
}

/** A notice of a tax as requests to pay, one for each decision. */
export function noticeContents(request: DoorRequest, { sender }: Teller): readonly Trusted[] {
  const rows = rowsIn(textOf(dataIn(request).get('filethongbaothue')))
  const maHoSo = leaf(rows, 'MA_HSO')
  const decisions = new Map<string, readonly Node[]>()
  for (const levy of childrenOf(rows, 'LIST')) {
    const decision = leaf(levy, 'SO_QUYET_DINH')
    decisions.set(decision, [...(decisions.get(decision) ?? []), levy])
  }
  if (maHoSo === '' || decisions.size === 0) throw fault('FileThongBaoThue', 'no MA_HSO, or no LIST')
  return [...decisions].map(([decision, levies]) =>
    contentFor('payment.requested', requested(maHoSo, decision, levies), { request, sender }),
  )
}

function requested(maHoSo: string, decision: string, levies: readonly Node[]): Payload {
  const [first] = levies
  if (decision === '' || first === undefined) throw fault('SO_QUYET_DINH', 'missing')
  const amounts = levies.map((levy) => wholeDong(leaf(levy, 'SO_TIEN')))
  if (amounts.includes(null)) throw fault('SO_TIEN', 'not whole đồng')
  return {
    ...{ MaThamChieu: referenceOf(maHoSo, decision), MaThongBaoThue: decision, MaHoSo: maHoSo },
    ...{ MaSoThue: leaf(first, 'MA_SO_THUE') },
    SoTien: String(amounts.reduce<number>((sum, amount) => sum + (amount ?? 0), 0)),
    ThongTinBienLai: {
      ...{ MaHoSo: maHoSo, SoQD: decision, NgayQD: leaf(first, 'NGAY_QUYET_DINH') },
      DSKhoanNop: levies.map((levy) => ({
        ...{ NoiDung: leaf(levy, 'TEN_TIEUMUC'), SoTien: leaf(levy, 'SO_TIEN') },
      })),
    },
  }
}

const payer = ['HoTenNguoiNop', 'SoCMNDNguoiNop', 'DiaChiNguoiNop', 'HuyenNguoiNop', 'TinhNguoiNop']

/** A voucher: that a tax is paid. Its form has no word for any other state (dvcqg §9.4). Throws `invalid_field`. */
export function voucherDeed(request: DoorRequest, { sender }: Teller): MoneyDeed {
  const data = dataIn(request)
  const paid = parametersOf(objectIn(data.get('thongtinthanhtoan')))
  const text = (name: string) => textOf(data.get(name.toLowerCase())).trim()
  const paidText = (name: string) => textOf(paid.get(name.toLowerCase())).trim()
  const [maHoSo, notice] = [text('MaHoSo'), paidText('MaThongBaoThue')]
  if (maHoSo === '' || notice === '') throw fault(maHoSo === '' ? 'MaHoSo' : 'MaThongBaoThue', 'missing')
  if (paidText('TrangThaiThanhToan') !== '1') throw fault('TrangThaiThanhToan', 'not 1')
  const payload = {
    ...{ MaThamChieu: referenceOf(maHoSo, notice), MaThongBaoThue: notice, MaHoSo: maHoSo },
    ...{ MaSoThue: text('MaSoThue'), TrangThaiGD: '1', MaLoi: '00', SoTien: paidText('SoTien') },
    ...{ ThongTinGiaoDich: paidText('NoiDungThanhToan'), ThoiGianGD: paidText('ThoiGianThanhToan') },
    UrlChungTu: text('UrlFileChungTu'),
    ThongTinBienLai: Object.fromEntries(payer.map((name) => [name, text(name)])),
  }
  return { kind: 'money', content: contentFor('payment.result', payload, { request, sender }), partner: '' }
}

const contentFor = (
  action: 'payment.requested' | 'payment.result',
  payload: Payload,
  { request, sender }: Teller & { readonly request: DoorRequest },
): Trusted =>
  contentOf({
    ...{ action, payload, words: [JSON.stringify(payload)], original: request.body },
    guest: { agency: { code: sender }, options: {} },
  })
