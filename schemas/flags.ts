import type { ActionName, Family } from './actions.ts'
import { isKnownCode } from './codes.ts'
import type { CodeListName } from './codes.ts'
import { dossierCodePattern } from './dossier-code.ts'
import { isEmpty, textOf } from './fields.ts'
import { pathText } from './limits.ts'
import type { Visit } from './limits.ts'
import type { Payload } from './message.ts'

/** Says what is unusual about a value, or null. */
type Inspector = (text: string) => string | null

const oneOf =
  (list: CodeListName): Inspector =>
  (text) =>
    isKnownCode(list, text) ? null : text.slice(0, 64).replace(/\p{Cc}/gu, '?')
const like =
  (pattern: RegExp): Inspector =>
  (text) =>
    pattern.test(text) ? null : 'not the usual form'

const dossierCode = like(dossierCodePattern)
/** Marks of tone and vowel, or đ: a sentence of Vietnamese has some within its first words. */
const vietnamese: Inspector = (text) =>
  text.length < 20 || /[\u0300-\u036f\u0111\u0110]/.test(text.slice(0, 2000).normalize('NFD'))
    ? null
    : 'not in Vietnamese'

/** Fields whose content is looked at, wherever they stand in a payload of the family. */
const inspected: Record<Family, Readonly<Record<string, Inspector>>> = {
  dossier: {
    MaHoSo: dossierCode,
    TrangThaiHoSo: oneOf('TrangThaiHoSo'),
    KenhThucHien: oneOf('KenhThucHien'),
    LoaiDoiTuong: oneOf('LoaiDoiTuong'),
    HinhThuc: oneOf('HinhThuc'),
    NoiNopHoSo: oneOf('NoiNopHoSo'),
    HinhThucThu: oneOf('HinhThucThu'),
    DuocThanhToanTrucTuyen: oneOf('DuocThanhToanTrucTuyen'),
    LoaiDinhDanh: oneOf('LoaiDinhDanh'),
  },
  status: { MaHoSo: dossierCode, TrangThai: oneOf('TrangThaiHoSo') },
  payment: {
    MaHoSo: dossierCode,
    LoaiBanTin: oneOf('LoaiBanTin'),
    TrangThaiGD: oneOf('TrangThaiGD'),
    MaLoaiGiaoDich: like(/^G22\.99\.[A-Z0-9]+$/),
  },
  pakn: {
    MaHoSo: dossierCode,
    TrangThai: oneOf('TrangThaiPAKN'),
    NguonPAKN: oneOf('NguonPAKN'),
    NoiDung: vietnamese,
    Email: like(/^[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+$/),
    SoDienThoai: like(/^\+?[\d .()-]{8,18}$/),
  },
  catalog: { DanhMuc: oneOf('DanhMuc') },
  account: { NhomVaiTro: oneOf('NhomVaiTro') },
  document: { StatusCode: oneOf('StatusCode') },
  statistics: {},
  question: {},
  notice: {},
}

/** Maps, since a payload may well have a field named `constructor`. */
const inspectorsOf = new Map(
  Object.entries(inspected).map(([family, inspectors]) => [family, new Map(Object.entries(inspectors))]),
)

interface Expectation {
  readonly field: string
  readonly when?: (row: Payload) => boolean
}

const fields = (...names: readonly string[]): readonly Expectation[] => names.map((field) => ({ field }))

/** A petition that a body enters from paper, telephone or e-mail needs no portal account (draft 2025 Art. 38.2b). */
const fromPortal = (row: Payload) => ['', '1'].includes(textOf(row['NguonPAKN']))

/** Fields without which an action says less than it should: carried all the same. */
const expected: Partial<Record<ActionName, readonly Expectation[]>> = {
  'dossier.submitted': fields('TrangThaiHoSo'),
  'dossier.updated': fields('TrangThaiHoSo'),
  'dossier.result': fields('DanhSachGiayToKetQua'),
  'status.updated': fields('TrangThai', 'ThoiDiemXuLy'),
  'payment.requested': fields('SoTien'),
  'payment.result': fields('SoTien', 'MaLoi', 'MaGiaoDich', 'ThoiGianGD'),
  'payment.voucher': fields('SoTien', 'ChuKySo'),
  'payment.settled': fields('SoTien', 'MaGiaoDich', 'TKThuHuong', 'ThoiGianGhiCo'),
  'payment.refund-requested': fields('SoTienHoan'),
  'payment.refunded': fields('SoTienHoan', 'NgayHoan'),
  'payment.refund-refused': fields('LyDo'),
  'pakn.received': [
    ...fields('TenNguoiPhanAnh', 'DiaChi', 'SoDienThoai', 'Email', 'LoaiPAKN', 'NoiDung'),
    { field: 'MaDoiTuong', when: fromPortal },
  ],
  'pakn.refused': fields('LyDo'),
  'pakn.forwarded': fields('MaDonViNhan'),
  'pakn.answered': fields('NgayCoKetQua', 'NoiDungTraLoi'),
  'catalog.changed': fields('ThaoTac', 'NgayHieuLuc'),
}

/** Collects what looks unusual in one payload. Each oddity is named once, at its first place: `data[0].TrangThaiHoSo: 11`. */
export interface FlagCollector {
  /** Give it to `walkPayload`. */
  readonly visit: Visit
  /** Call it when the payload has passed its schema. */
  readonly flagsOf: (payload: Payload) => readonly string[]
}

const isMissing = (value: unknown) => isEmpty(value) || (Array.isArray(value) && value.length === 0)

function missing(action: ActionName, payload: Payload): readonly string[] {
  const { data } = payload
  const rows = Array.isArray(data) ? (data as readonly Payload[]) : [payload]
  return (expected[action] ?? []).flatMap(({ field, when = () => true }) => {
    const index = rows.findIndex((row) => isMissing(row[field]) && when(row))
    if (index < 0) return []
    return [`${Array.isArray(data) ? `data[${index}].` : ''}${field}: empty`]
  })
}

/** Starts the flags of one payload of an action. */
export function collectFlags(action: ActionName, family: Family): FlagCollector {
  const found = new Map<string, string>()
  const inspectors = inspectorsOf.get(family)
  return {
    visit: (name, value, path) => {
      const finding = value === '' ? null : inspectors?.get(name)?.(String(value))
      if (finding == null || found.size >= 100) return
      const oddity = `${name}: ${finding}`
      if (!found.has(oddity)) found.set(oddity, `${pathText(path)}: ${finding}`)
    },
    flagsOf: (payload) => [...found.values(), ...missing(action, payload)],
  }
}
