import { z } from 'zod'
import { writeDate } from '../../../schemas/dates.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'
import type { Found, KnownMessage } from '../known.ts'
import type { MoneyDeed } from '../money.ts'
import { contentOf } from '../payments/content.ts'
import { parametersOf, type Asked } from './asked.ts'

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

/** What a body's options say of `TRANGTHAITHANHTOAN`: no source shows its values, and none is paid unless an option says so. */
export const CourtFeeStates = z.record(z.string().min(1).max(32), z.enum(['paid', 'pending', 'failed']))

const stateCodes = { paid: '1', pending: '3', failed: '4' } as const

/** Name of the service that tells what became of a court fee. */
export const courtFeeNews = 'CapNhatAnPhi'

/** Name of a field of the news → its national name. */
const newsNames = {
  ...{ SOTIEN: 'SoTien', URLBIENLAI: 'UrlBienLai', SOBIENLAI: 'SoChungTu', NGAYBIENLAI: 'NgayChungTu' },
  DONVITHUTIEN: 'DONVITHUTIEN',
} as const

const named = (names: Readonly<Record<string, string>>, text: Asked['text']): Payload =>
  Object.fromEntries(
    Object.entries(names)
      .map(([own, national]) => [national, text(own)] as const)
      .filter(([, said]) => said !== ''),
  )

/** The news of one fee: as parameters, or as the one row of `data`. Throws `invalid_field`. */
function newsIn(asked: Asked): Asked['text'] {
  const [row, ...others] = asked.rows()
  if (others.length > 0)
    throw new GatewayError('invalid_field', { field: 'data', reason: 'more than one fee' })
  if (row === undefined) return asked.text
  const fields = parametersOf(row)
  return (name) => textOf(fields.get(name.toLowerCase())).trim()
}

interface Teller {
  /** Code of the body that tells. */
  readonly sender: string
  readonly states: z.infer<typeof CourtFeeStates> | undefined
  /** The exact bytes received. */
  readonly original: Uint8Array
}

/**
 * What became of a court fee (dvcqg §9.4; the name of the service is a proposal). The code of the notice, or MATRACUUTT without its time, is
 * the reference under which it was asked for. Throws `forbidden` where no option says what the states mean, or `invalid_field`.
 */
export function courtFeeDeed(asked: Asked, { sender, states, original }: Teller): MoneyDeed {
  if (states === undefined)
    throw new GatewayError('forbidden', { field: 'service', reason: 'the body has no option courtFeeStates' })
  const text = newsIn(asked)
  const said = text('TRANGTHAITHANHTOAN')
  const state = Object.hasOwn(states, said) ? states[said] : undefined
  if (state === undefined)
    throw new GatewayError('invalid_field', {
      field: 'TRANGTHAITHANHTOAN',
      reason: 'not in the option courtFeeStates',
    })
  const bill = named(billNames, text)
  const payload: Payload = {
    MaThamChieu: text('MA_THONGBAO') || text('MATRACUUTT').replace(/-\d{12}$/, ''),
    TrangThaiGD: stateCodes[state],
    ...named(newsNames, text),
    ...(Object.keys(bill).length === 0 ? {} : { ThongTinBienLai: bill }),
  }
  const guest = { agency: { code: sender }, options: {} }
  const words = [JSON.stringify(payload)]
  return {
    kind: 'money',
    content: contentOf({ action: 'payment.result', words, payload, original, guest }),
    partner: '',
  }
}
