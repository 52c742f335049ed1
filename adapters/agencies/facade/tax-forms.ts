import { readDate, writeDate } from '../../../schemas/dates.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Message, Payload } from '../../../schemas/message.ts'
import { factsOf, wholeDong } from '../../../schemas/money-fact.ts'
import { escapeText } from '../../../signing/xml-text.ts'

/** What a tax message becomes. */
export interface TaxForm {
  readonly data: Payload
  /** National names of what the form needs and the message does not say. */
  readonly missing: readonly string[]
}

type Texts = Readonly<Record<string, string>>

const trimmed = (row: Payload, name: string): string => textOf(row[name]).trim()
const namesOfEmpty = (needed: Texts): readonly string[] =>
  Object.keys(needed).filter((name) => needed[name] === '')
const amountText = (row: Payload): string => String(wholeDong(textOf(row['SoTien'])) ?? '')

/** `yyyyMMddHHmmss`; empty where there is no date. */
function momentIn(row: Payload, name: string): string {
  const ms = readDate(trimmed(row, name))
  return ms === null ? '' : writeDate(ms)
}

const billIn = (payload: Payload): Payload => (payload['ThongTinBienLai'] ?? {}) as Payload // as its schema has it
const dossierIn = (payload: Payload): string =>
  trimmed(payload, 'MaHoSo') || trimmed(billIn(payload), 'MaHoSo')

const element = (name: string, content: string): string => `<${name}>${content}</${name}>`
const leaves = (fields: Texts): string =>
  Object.entries(fields)
    .map(([name, text]) => element(name, escapeText(text, name)))
    .join('')

/** A notice of a tax: XML in base64, a `LIST` for each levy (dvcqg §9.4, §21 trap 11). Throws `invalid_field` for what XML cannot carry. */
export function noticeForm({ payload }: Message): TaxForm {
  const bill = billIn(payload)
  const levies = leviesIn(bill)
  const needed = {
    ...{ MaHoSo: dossierIn(payload), MaSoThue: trimmed(payload, 'MaSoThue') },
    ...{ SoQD: trimmed(bill, 'SoQD'), NgayQD: momentIn(bill, 'NgayQD') },
  }
  const lists = levies.map((levy) =>
    leaves({
      ...{ MA_SO_THUE: needed.MaSoThue, SO_QUYET_DINH: needed.SoQD },
      NGAY_QUYET_DINH: needed.NgayQD.replace(/^(....)(..)(..).*/, '$3-$2-$1'),
      ...{ TEN_TIEUMUC: trimmed(levy, 'NoiDung'), SO_TIEN: amountText(levy) },
    }),
  )
  const rows = [leaves({ MA_HSO: needed.MaHoSo }), ...lists.map((list) => element('LIST', list))].join('')
  const xml = element('DATA', element('BODY', element('ROW_LIST', rows)))
  return {
    data: {
      FileThongBaoThue: Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${xml}`).toString('base64'),
    },
    missing: [...namesOfEmpty(needed), ...missingOf(levies)],
  }
}

const leviesIn = ({ DSKhoanNop }: Payload): readonly Payload[] =>
  Array.isArray(DSKhoanNop) ? (DSKhoanNop as readonly Payload[]) : [] // objects, as its schema has them

const missingOf = (levies: readonly Payload[]): readonly string[] => {
  const isWhole = levies.every((levy) => trimmed(levy, 'NoiDung') !== '' && amountText(levy) !== '')
  return levies.length > 0 && isWhole ? [] : ['DSKhoanNop']
}

const payer = ['HoTenNguoiNop', 'SoCMNDNguoiNop', 'DiaChiNguoiNop', 'HuyenNguoiNop', 'TinhNguoiNop'] as const

/** The voucher of a tax that is paid: the form has no word for any other state (dvcqg §9.4). */
export function voucherForm(message: Message): TaxForm {
  const { payload } = message
  const bill = billIn(payload)
  const [fact] = factsOf({ ...message, action: 'payment.result' })
  const needed = {
    ...{ MaHoSo: dossierIn(payload), MaSoThue: trimmed(payload, 'MaSoThue') },
    ...{ MaThamChieu: trimmed(payload, 'MaThamChieu'), SoTien: amountText(payload) },
    NoiDungThanhToan: trimmed(bill, 'NoiDungThanhToan') || trimmed(payload, 'ThongTinGiaoDich'),
    ThoiGianGD: momentIn(payload, 'ThoiGianGD'),
    UrlChungTu: trimmed(payload, 'UrlChungTu') || trimmed(payload, 'UrlBienLai'),
    'MaLoi 00': fact?.kind === 'paid' ? '00' : '',
  }
  const data = {
    ...{ MaHoSo: needed.MaHoSo, MaSoThue: needed.MaSoThue },
    ThongTinThanhToan: {
      MaThongBaoThue: trimmed(payload, 'MaThongBaoThue') || needed.MaThamChieu,
      SoTien: needed.SoTien,
      ...{ NoiDungThanhToan: needed.NoiDungThanhToan, ThoiGianThanhToan: needed.ThoiGianGD },
      TrangThaiThanhToan: 1,
    },
    UrlFileChungTu: needed.UrlChungTu,
    ...Object.fromEntries(payer.map((name) => [name, trimmed(bill, name)])),
  }
  return { data, missing: namesOfEmpty(needed) }
}
