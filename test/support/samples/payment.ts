import type { Payload } from '../../../schemas/message.ts'
import { people, pick, pad, sampleDossierCode, moment, identity, reference, amountOf } from './invented.ts'

const payment = (n: number): Payload => ({
  MaThamChieu: reference(n),
  MaHoSo: sampleDossierCode(n),
  MaLoaiGiaoDich: 'G22.99.PLP',
  MaDoiTac: 'H49TEST',
  SoTien: amountOf(n),
  MaTienTe: 'VND',
  ThoiGianGD: moment(n, 9),
  ThongTinGiaoDich: `THANH TOAN HO SO ${sampleDossierCode(n)}`,
})

const paid = (n: number): Payload => ({
  ...payment(n),
  LoaiBanTin: 'CONFIRM',
  MaLoi: '00',
  MaGiaoDich: `GD20261121${pad(n, 8)}`,
  MaNganHang: 'NHTHU',
  TrangThaiGD: '1',
})

const bill = (n: number): Payload => ({
  MaDichVu: '2',
  MaDVC: '1.009999.01',
  MaTTHC: '1.009999',
  MaDonVi: 'H49.05',
  MaHoSo: sampleDossierCode(n),
  TKThuHuong: '0000000001',
  HoTenNguoiNop: pick(people, n),
  SoCMNDNguoiNop: identity(n),
  PhiLePhi: [{ LoaiPhiLePhi: 2, MaPhiLePhi: 2, TenPhiLePhi: 'Lệ phí cấp lại', SoTien: amountOf(n) }],
  DSKhoanNop: [{ NoiDung: 'Lệ phí cấp lại', SoTien: String(amountOf(n)) }],
})

const credited = (n: number): Payload => ({
  ...paid(n),
  TKThuHuong: '0000000001',
  TenTKThuHuong: 'SO THU NGHIEM',
  ThoiGianGhiCo: moment(n, 16),
})

const refund = (n: number): Payload => ({
  ...payment(n),
  MaYeuCauHoan: `YCH${pad(n, 6)}`,
  SoTienHoan: amountOf(n),
  NgayYeuCau: moment(n, 10),
  LyDo: 'Nộp trùng hai lần cho cùng một hồ sơ',
})

/** The rows from n to n + 2, under the reference of their batch. */
const paymentBatch = (row: (n: number) => Payload) => (n: number) => ({
  MaThamChieuLo: `LO20261121${pad(n, 6)}`,
  data: [row(n), row(n + 1), row(n + 2)],
})

export const paymentSamples = {
  'payment.requested': (n: number) => ({
    ...payment(n),
    LoaiBanTin: 'INIT',
    PhienBan: '1.0.6',
    ThongTinBienLai: bill(n),
  }),
  'payment.cancelled': (n: number) => ({
    ...payment(n),
    ThoiGianHuy: moment(n, 10),
    LyDo: 'Người nộp hủy giao dịch',
  }),
  'payment.result': paid,
  'payment.voucher': (n: number) => ({
    ...paid(n),
    SoChungTu: `CT${pad(n, 6)}`,
    NgayChungTu: moment(n, 9),
    ChuKySo: 'Y2h1IGt5',
  }),
  'payment.settled': paymentBatch(credited),
  'payment.refund-requested': refund,
  'payment.refunded': (n: number) => ({
    ...refund(n),
    NgayHoan: moment(n, 15),
    MaGiaoDichHoan: `HT${pad(n, 8)}`,
  }),
  'payment.refund-refused': (n: number) => ({
    ...refund(n),
    NgayTuChoi: moment(n, 15),
    LyDo: 'Khoản thu đã được quyết toán',
  }),
  'payment.records': paymentBatch(paid),
}
