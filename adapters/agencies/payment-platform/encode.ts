import type { Agency } from '../../../schemas/agency.ts'
import { isEmpty, textOf } from '../../../schemas/fields.ts'
import type { Json, Message, Payload } from '../../../schemas/message.ts'
import { wholeDong } from '../../../schemas/money-fact.ts'
import type { Encoded, Unsupported } from '../dialect.ts'
import { encodedJson, unsupported } from '../encoded.ts'
import { styledDate } from '../payments/dates.ts'
import { PlatformOptions } from './options.ts'
import type { PlatformKind } from './texts.ts'

interface Form {
  readonly kind: PlatformKind
  /** Fields that partners expect in any case, and what they hold where the message does not say. */
  readonly defaults: Payload
  readonly isAddressed: (options: PlatformOptions) => boolean
}

/** Messages that this dialect can say. The constants are those of real clients (dvcqg §9.1). */
const forms: Readonly<Record<string, Form>> = {
  'payment.requested': {
    kind: 'INIT',
    isAddressed: ({ platformUrl }) => platformUrl !== undefined,
    defaults: {
      ...{ LoaiBanTin: 'INIT', PhienBan: '1.0.6', LoaiHinhThanhToan: 'PAY', MaKenhThanhToan: '1' },
      ...{ MaThietBi: '1', NgonNgu: 'vi-VN', MaTienTe: 'VND', MaNganHang: 'PAYMENT' },
      ...{ MaDoiTac: '', SoTien: '', ThongTinGiaoDich: '', ThoiGianGD: '', Ip: '' },
    },
  },
  'payment.result': {
    kind: 'CONFIRM',
    isAddressed: ({ confirmUrl }) => confirmUrl !== undefined,
    defaults: {
      ...{ LoaiBanTin: 'CONFIRM', MaLoi: '', MaDoiTac: '', SoTien: '', MaTienTe: 'VND' },
      ...{ MaGiaoDich: '', MaNganHang: '', ThoiGianGD: '', ThongTinGiaoDich: '' },
    },
  },
}

/** Without the mark of the line before: each has its own. */
const filled = (defaults: Payload, payload: Payload): Payload =>
  Object.fromEntries([
    ...Object.entries(payload).filter(([name]) => name !== 'MaXacThuc'),
    ...Object.entries(defaults).map(([name, value]): [string, Json] => [
      name,
      isEmpty(payload[name]) ? value : (payload[name] ?? value),
    ]),
  ])

/** An amount is text in INIT and a number in CONFIRM. */
function amountOf(kind: PlatformKind, payload: Payload): Json {
  const text = textOf(payload['SoTien'])
  return kind === 'CONFIRM' ? (wholeDong(text) ?? text) : text
}

/** The message without its mark: this is made when it is sent, with the secret of that moment. */
export function encode({ action, payload }: Message, { options }: Agency): Encoded | Unsupported {
  const read = PlatformOptions.parse(options)
  const form = Object.hasOwn(forms, action) ? forms[action] : undefined
  if (form === undefined) return unsupported(`the payment platform has no message for ${action}`)
  if (!form.isAddressed(read)) return unsupported(`the body has no address for ${form.kind}`)
  const fields = filled(form.defaults, payload)
  const body = {
    ...fields,
    LoaiBanTin: form.kind,
    SoTien: amountOf(form.kind, fields),
    ThoiGianGD: styledDate(textOf(fields['ThoiGianGD']), read.dateStyle),
    ...(read.partnerCode === undefined ? {} : { MaDoiTac: read.partnerCode }),
  }
  return encodedJson(body)
}
