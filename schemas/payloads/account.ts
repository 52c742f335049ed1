import { code, date, key, list, prose, record, text } from '../fields.ts'

const account = record({
  TaiKhoan: key(),
  HoVaTen: text(),
  SoDinhDanh: code,
  Email: text(),
  SoDienThoai: text(),
  ChucVu: text(),
  MaDonVi: code,
  TenDonVi: text(),
  NhomVaiTro: list(code, 50),
  NgayHieuLuc: date,
  NgayKhoa: date,
  PhamViTTHC: list(record({ MaTTHC: code, TenTTHC: text() }), 5000),
  LyDo: prose,
})

/** Payloads of the account family (guide 2026 Art. 12), by action. Passwords and keys never travel. */
export const accountPayloads = {
  created: account,
  changed: account,
  locked: account,
  'scope-changed': account,
}
