import type { Payload } from '../../../schemas/message.ts'

/** A create of 2026 (dvcqg §12.4): whole numbers bare, dates as SQL writes them. */
export function tokenRestCreate(maHoSo: string, more: Payload = {}): Payload {
  return {
    MaHoSo: maHoSo,
    MaTTHC: '1.009901',
    MaDichVuCong: '1.009901.01',
    ChuHoSo: 'Phạm Thị Mẫu',
    LoaiDoiTuong: 0,
    MaDonViTiepNhan: 'H49.05',
    NgayNop: '2026-11-21 08:15:00',
    NgayTiepNhan: '2026-11-21 08:30:00',
    EformThongTinChiTiet: { LyDo: 'mất', SoLan: 2 },
    ThanhPhanHoSo: [
      {
        ...{
          MaThanhPhanHoSo: '000.00.00.H49-KQ000001',
          TenThanhPhanHoSo: 'Đơn đề nghị',
          SoLuong: 1,
          LoaiBan: 2,
        },
        GiayToDinhKem: [{ IdGiayTo: '880101', MaKetQua: 'KQ.G09.000001', TenGiayTo: 'don.pdf' }],
      },
      { MaThanhPhanHoSo: '000.00.00.H49-KQ000002', TenThanhPhanHoSo: 'Bản chính', SoLuong: 2, LoaiBan: 0 },
    ],
    ThongTinNguoiNop: {
      ...{ LoaiDoiTuong: 0, IdDoiTuong: '3f0c7c1e-0000-4000-8000-000000000001' },
      ThongTinChiTiet: {
        ...{ TenNguoiNop: 'Lê Văn Nộp', SoDinhDanh: '022099000124', NgayCapDinhDanh: '20210101000000' },
        ...{ SoDienThoai: '0900000101', Email: 'mau@example.vn', MaTinh: '22', TenChuHs: 'Phạm Thị Mẫu' },
        SoDinhDanhChuHs: '022099000123',
      },
    },
    ...more,
  }
}

/** A step of 2026 (dvcqg §12.5). */
export function tokenRestStep(maHoSo: string, more: Payload = {}): Payload {
  return {
    ...{ IDHoSo: '7b0e7d0e-1111-4222-8333-444455556666', MaHoSo: maHoSo, NguoiXuLy: 'Trần Văn Thử' },
    ...{ ThoiDiemXuLy: '2026-11-21T03:00:00.000Z', NoiDungXuLy: 'Thẩm định hồ sơ', TrangThai: 4 },
    ...more,
  }
}

/** A state of 2026 (dvcqg §12.6). */
export function tokenRestState(maHoSo: string, more: Payload = {}): Payload {
  return {
    ...{
      IdHoSo: '7b0e7d0e-1111-4222-8333-444455556666',
      MaHoSo: maHoSo,
      TrangThai: 9,
      NoiDungYKien: 'Đồng ý',
    },
    ...{ PhongBanXuLy: 'Phòng Thử nghiệm', NoiDungXuLy: 'Ký kết quả', DanhSachLePhi: [] },
    DanhSachGiayToKetQua: [
      {
        ...{ TenGiayTo: 'giayphep.pdf', MaGiayToKetQua: 'KQ.G09.000001' },
        DuongDanTepTinKetQua: 'https://motcua.example.vn/kq/1',
      },
    ],
    ...more,
  }
}
