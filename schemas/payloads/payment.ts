import {
  amount,
  batch,
  code,
  date,
  digits,
  isBlank,
  key,
  list,
  part,
  prose,
  record,
  text,
} from '../fields.ts'

const fee = record({ LoaiPhiLePhi: code, MaPhiLePhi: code, TenPhiLePhi: text(), SoTien: amount })

/** The receipt block of the national platform (dvcqg §9.1). */
const bill = part({
  MaDichVu: code,
  MaDVC: code,
  TenDVC: text(),
  MaTTHC: code,
  TenTTHC: text(),
  MaDonVi: code,
  TenDonVi: text(),
  MaHoSo: code,
  TKThuHuong: code,
  MaNHThuHuong: code,
  TenTKThuHuong: text(),
  MaLoaiHinhThuPhat: code,
  MaCoQuanQD: code,
  NgayQD: date,
  SoQD: code,
  NoiDungThanhToan: prose,
  HoTenNguoiNop: text(),
  SoCMNDNguoiNop: code,
  DiaChiNguoiNop: text(),
  PhiLePhi: list(fee),
  DSKhoanNop: list(record({ NoiDung: prose, SoTien: amount })),
})

/** What every payment message may say. The time of payment is the bank's success notice (draft 2025 Art. 28.4c). */
const payment = record({
  MaThamChieu: key(255),
  MaHoSo: code,
  MaLoaiGiaoDich: code,
  LoaiBanTin: text(50),
  PhienBan: text(50),
  MaLoi: code,
  MoTaLoi: text(),
  MaDoiTac: text(50),
  MaGiaoDich: code,
  SoTien: amount,
  MaTienTe: code,
  MaNganHang: code,
  ThoiGianGD: date,
  ThongTinGiaoDich: text(),
  TrangThaiGD: digits,
  TKThuHuong: code,
  MaNHThuHuong: code,
  TenTKThuHuong: text(),
  UrlBienLai: text(),
  MaXacThuc: text(255),
  ThongTinBienLai: bill,
  ThoiGianHuy: date,
  ThoiGianGhiCo: date,
  SoChungTu: code,
  NgayChungTu: date,
  UrlChungTu: text(),
  ChuKySo: prose,
  MaYeuCauHoan: code,
  SoTienHoan: amount,
  NgayYeuCau: date,
  NgayHoan: date,
  NgayTuChoi: date,
  LyDo: prose,
  TKNhan: code,
  MaNHNhan: code,
  MaGiaoDichHoan: code,
})

/** Several rows have one place in the order only under a reference of their own. */
const rows = record({
  MaThamChieuLo: code,
  TuNgay: date,
  DenNgay: date,
  data: batch(payment, 5000),
}).check(({ value, issues }) => {
  if (value.data.length < 2 || !isBlank(value.MaThamChieuLo)) return
  const message = 'missing: several rows need the reference of their batch'
  issues.push({ code: 'custom', input: value, path: ['MaThamChieuLo'], message })
})

/** Payloads of the payment family (draft 2025 Art. 28 to 32; dvcqg §9), by action: a field means the same in all of them. */
export const paymentPayloads = {
  requested: payment,
  cancelled: payment,
  result: payment,
  voucher: payment,
  settled: rows,
  'refund-requested': payment,
  refunded: payment,
  'refund-refused': payment,
  records: rows,
}
