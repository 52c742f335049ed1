import { batchOf, code, date, digits, key, prose, record, text } from '../fields.ts'

const step = record({
  MaHoSo: key(),
  NguoiXuLy: text(),
  ChucDanh: text(),
  ThoiDiemXuLy: date,
  PhongBanXuLy: text(),
  NoiDungXuLy: prose,
  TrangThai: digits,
  NgayBatDau: date,
  NgayKetThucTheoQuyDinh: date,
})

const question = record({ MaHoSo: key(), MaDoiTuong: code, ThoiDiemYeuCau: date })

/** Payloads of the status family (dvcqg §4; draft 2025 Art. 25.2, 25.3b): steps of one dossier, or the wish to have them. */
export const statusPayloads = {
  updated: record({ data: batchOf('MaHoSo', step) }),
  requested: record({ data: batchOf('MaHoSo', question) }),
}
