import { writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Found, KnownMessage } from '../known.ts'

/** Name of a field of a notice → the field of the bill that says it. */
const billNames = {
  ...{ MALOAIHINHTHU: 'MaLoaiHinhThuPhat', TENLOAIHINHTHU: 'TenLoaiHinhThuPhat' },
  ...{ SOTAIKHOANKB: 'TKThuHuong', MAKHOBAC: 'MaNHThuHuong', TENKHOBAC: 'KhoBac' },
  ...{ MACHICUC: 'MaDonVi', TENCHICUC: 'TenDonVi', NGAYTHONGBAO: 'NgayQD', SOTHONGBAO: 'SoQD' },
  ...{ TENTOATHONGBAO: 'TenCoQuanQD', HOTENNGUOINOP: 'HoTenNguoiNop', SOCMNDNGUOINOP: 'SoCMNDNguoiNop' },
  ...{ DIACHINGUOINOP: 'DiaChiNguoiNop', HUYENNGUOINOP: 'HuyenNguoiNop', TINHNGUOINOP: 'TinhNguoiNop' },
} as const

/** The notice of a court fee that a request to pay is, in all its fields (dvcqg §9.4). */
function noticeOf({ payload, receivedAt }: KnownMessage, code: string): Payload {
  const bill = (payload['ThongTinBienLai'] ?? {}) as Payload // as its schema has it
  const said = Object.fromEntries(
    Object.entries(billNames).map(([name, field]): [string, string] => [name, textOf(bill[field])]),
  )
  return {
    MATRACUUTT: `${code}-${writeDate(receivedAt).slice(2)}`,
    ...said,
    TONGTIEN: textOf(payload['SoTien']),
  }
}

/** The notice of this code, as it was last asked to be paid. */
export function courtFeesOf(found: Found, code: string): readonly Payload[] {
  const messages = found.of === 'payments' ? found.payments.flatMap((known) => known.messages) : []
  const asked = messages.find(({ action }) => action === 'payment.requested')
  return asked === undefined ? [] : [noticeOf(asked, code)]
}
