import { code, date, list, prose, record, text } from '../fields.ts'

const notice = record({
  MaThongBao: code,
  TieuDe: text(),
  NoiDung: prose,
  MucDo: code,
  MaDonVi: code,
  TuThoiGian: date,
  DenThoiGian: date,
  MaHoSo: code,
  NguoiNhan: list(record({ HoVaTen: text(), SoDienThoai: text(), Email: text(), KenhGui: code }), 1000),
})

/** Payloads of the notice family (draft 2025 Art. 46, 47; guide 2026 Art. 32, 33): nothing orders them, nothing is mandatory. */
export const noticePayloads = { alert: notice, maintenance: notice, incident: notice, notification: notice }
