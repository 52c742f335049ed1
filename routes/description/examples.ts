import type { ActionName } from '../../schemas/actions.ts'
import type { Payload } from '../../schemas/message.ts'

/** Payloads to begin with. People, codes and numbers are invented. */
export const examples: Readonly<Partial<Record<ActionName, Payload>>> = {
  'dossier.submitted': {
    data: [
      {
        MaHoSo: 'H49.05-261121-0001',
        MaTTHC: '1.009901',
        TenTTHC: 'Cấp lại giấy phép thử nghiệm',
        ChuHoSo: 'Phạm Thị Mẫu',
        LoaiDoiTuong: '1',
        KenhThucHien: '2',
        NgayTiepNhan: '20261121093000',
        NgayHenTra: '20261204170000',
        TrangThaiHoSo: '2',
      },
    ],
  },
  'status.updated': {
    data: [
      {
        MaHoSo: 'H49.05-261121-0001',
        NguoiXuLy: 'Vũ Thị Thử',
        ChucDanh: 'Chuyên viên',
        ThoiDiemXuLy: '20261123090100',
        PhongBanXuLy: 'Phòng Thử nghiệm',
        NoiDungXuLy: 'Thẩm định hồ sơ',
        TrangThai: '4',
      },
    ],
  },
  'payment.result': {
    MaThamChieu: 'H4926112100000001T20261121100100',
    MaHoSo: 'H49.05-261121-0001',
    MaLoaiGiaoDich: 'G22.99.PLP',
    MaDoiTac: 'H49TEST',
    SoTien: 55_000,
    MaTienTe: 'VND',
    ThoiGianGD: '20261121100100',
    LoaiBanTin: 'CONFIRM',
    MaLoi: '00',
    MaGiaoDich: 'GD2026112100000001',
    MaNganHang: 'NHTHU',
    TrangThaiGD: '1',
  },
  'pakn.received': {
    MaPAKN: 'PAKN.20261121.000001',
    MaDonVi: 'H49.05',
    TieuDe: 'Hướng dẫn nộp hồ sơ chưa rõ',
    NoiDung: 'Nội dung niêm yết tại bộ phận một cửa khác với nội dung trên Cổng.',
    LoaiPAKN: '2',
    NguonPAKN: '1',
    MaDoiTuong: '3f0c7c1e-0000-4000-8000-000000000001',
    TenNguoiPhanAnh: 'Trần Văn Thử',
    DiaChi: '2 Phố Thử, phường Mẫu, tỉnh Quảng Ninh',
    SoDienThoai: '0900000001',
    Email: 'nguoi.hoi.1@example.vn',
    TrangThai: 'MOI_TIEP_NHAN',
    NgayPhanAnh: '20261121080100',
  },
  'catalog.changed': {
    DanhMuc: '1',
    Ma: '1.009901',
    MaDonVi: 'G03',
    ThaoTac: 'sua',
    NgayHieuLuc: '20261201000000',
    NoiDung: { MATTHC: '1.009901', TENTTHC: 'Cấp lại giấy phép thử nghiệm', TRANGTHAI: '1' },
  },
}
