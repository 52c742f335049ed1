import {
  amount,
  batchOf,
  code,
  count,
  date,
  digits,
  isBlank,
  key,
  list,
  prose,
  record,
  text,
  yesNo,
} from '../fields.ts'

const attachment = record({
  TepDinhKemId: code,
  TenTepDinhKem: text(),
  IsDeleted: yesNo,
  MaThanhPhanHoSo: code,
  DuongDanTaiTepTin: text(),
  DuocSoHoa: yesNo,
  DuocTaiSuDung: digits,
  DuocLayTuKhoDMQG: yesNo,
  MaKetQuaThayThe: code,
})

const fee = record({
  TenPhiLePhi: text(),
  MaPhiLePhi: code,
  HinhThucThu: digits,
  Gia: amount,
  LoaiPhiLePhi: code,
})

const otherPaper = record({ TenGiayTo: text(), SoLuong: count, LoaiGiayTo: code })

const supplement = record({
  HoSoBoSungId: code,
  NguoiYeuCauBoSung: text(),
  NoiDungBoSung: prose,
  NgayBoSung: date,
  NguoiTiepNhanBoSung: text(),
  ThongTinTiepNhan: prose,
  NgayTiepNhanBoSung: date,
  TrangThaiBoSung: code,
  DanhSachGiayToBoSung: list(attachment),
  DanhSachLePhiBoSung: list(fee),
  NgayHenTraTruoc: date,
  NgayHenTraMoi: date,
})

const result = record({
  TenGiayTo: text(),
  MaThanhPhanHoSo: code,
  GiayToId: code,
  DuongDanTepTinKetQua: text(),
  MaGiayToKetQua: code,
})

const copy = record({
  MaBanSao: code,
  TenGiayTo: text(),
  MaKetQua: code,
  DuongDanTepTin: text(),
  NgayCap: date,
})

/** Fields of a dossier in both generations in use (dvcqg §3.2, §3.3); older clients leave many of them out. */
const fields = {
  MaHoSo: key(),
  MaTTHC: code,
  TenTTHC: text(),
  MaLinhVuc: code,
  TenLinhVuc: text(),
  KenhThucHien: digits,
  SoGiayToChuHoSo: code,
  SoBienNhan: code,
  ChuHoSo: text(),
  LoaiDoiTuong: digits,
  MaDoiTuong: code,
  ThongTinKhac: prose,
  Email: text(),
  Fax: text(),
  SoDienThoai: text(),
  TrichYeuHoSo: prose,
  NgayNopHoSo: date,
  NgayTiepNhan: date,
  NgayHenTra: date,
  TrangThaiHoSo: digits,
  NgayTra: date,
  ThongTinTra: prose,
  HinhThuc: digits,
  NgayKetThucXuLy: date,
  NgayTuChoi: date,
  MaDonVi: code,
  DonViXuLy: text(),
  GhiChu: prose,
  NoiNopHoSo: digits,
  HoSoCoThanhPhanSoHoa: yesNo,
  TaiKhoanDuocXacThucVoiVNeID: yesNo,
  DuocThanhToanTrucTuyen: digits,
  DinhDanhCHS: list(record({ LoaiDinhDanh: digits, SoDinhDanh: code })),
  DSKetNoiCSDL: list(record({ MaCSDL: code })),
  TaiLieuNop: list(attachment),
  DanhSachLePhi: list(fee),
  DanhSachTepDinhKemKhac: list(otherPaper),
  DanhSachHoSoBoSung: list(supplement),
  DanhSachGiayToKetQua: list(result),
  DanhSachBanSao: list(copy),
  MaKetQua: code,
  GiayToId: code,
  DuongDanTepTinKetQua: text(),
  NgayThuHoi: date,
  NgayRut: date,
  LyDo: prose,
}

const known = record(fields)

/** A revocation that does not say which result it revokes has no meaning for those who received it. */
const revocation = known.check(({ value, issues }) => {
  if (!isBlank(value.MaKetQua) || !isBlank(value.GiayToId) || !isBlank(value.DuongDanTepTinKetQua)) return
  const message = 'missing: name the result by MaKetQua, GiayToId or DuongDanTepTinKetQua'
  issues.push({ code: 'custom', input: value, path: ['MaKetQua'], message })
})

const rows = record({ data: batchOf('MaHoSo', known) })

/** Payloads of the dossier family (draft 2025 Art. 25.3a; NĐ45 Art. 10, 12, 14, 15), by action: a field means the same in all of them. */
export const dossierPayloads = {
  submitted: record({ data: batchOf('MaHoSo', record({ ...fields, MaTTHC: key() })) }),
  updated: rows,
  supplemented: rows,
  receipt: rows,
  withdrawn: rows,
  result: rows,
  'result-revoked': record({ data: batchOf('MaHoSo', revocation) }),
  'copy-issued': rows,
}
