import type { Payload } from '../../../schemas/message.ts'
import { people, officers, pick, pad, sampleDossierCode, moment, identity, amountOf } from './invented.ts'

const dossier = (n: number): Payload => ({
  MaHoSo: sampleDossierCode(n),
  MaTTHC: '1.009999',
  TenTTHC: 'Cấp lại giấy phép thử nghiệm',
  MaLinhVuc: 'G03-GD10',
  TenLinhVuc: 'Lĩnh vực thử nghiệm',
  KenhThucHien: '2',
  SoGiayToChuHoSo: identity(n),
  ChuHoSo: pick(people, n),
  LoaiDoiTuong: '1',
  MaDoiTuong: `3f0c7c1e-0000-4000-8000-${pad(n, 12)}`,
  ThongTinKhac: '',
  Email: `nguoi.nop.${n}@example.vn`,
  Fax: '',
  SoDienThoai: `0900${pad(n % 1_000_000, 6)}`,
  TrichYeuHoSo: 'Xin cấp lại giấy phép thử nghiệm do bị mất',
  NgayNopHoSo: moment(n, 8),
  NgayTiepNhan: moment(n, 9),
  NgayHenTra: '20261230170000',
  TrangThaiHoSo: '2',
  NgayTra: '',
  HinhThuc: '0',
  NgayKetThucXuLy: '',
  DonViXuLy: 'Sở Thử nghiệm',
  GhiChu: '',
  NoiNopHoSo: '2',
  HoSoCoThanhPhanSoHoa: '1',
  TaiKhoanDuocXacThucVoiVNeID: '1',
  DuocThanhToanTrucTuyen: '1',
  DinhDanhCHS: [{ LoaiDinhDanh: '1', SoDinhDanh: identity(n) }],
  DSKetNoiCSDL: [{ MaCSDL: '7' }],
  TaiLieuNop: [
    {
      TepDinhKemId: String(880_000 + n),
      TenTepDinhKem: 'đơn đề nghị.pdf',
      IsDeleted: 'False',
      MaThanhPhanHoSo: '000.00.00.H49-KQ000001',
      DuongDanTaiTepTin: `https://motcua.example.vn/tep/${880_000 + n}`,
      DuocSoHoa: '1',
      DuocTaiSuDung: '0',
      DuocLayTuKhoDMQG: '0',
      MaKetQuaThayThe: '',
    },
  ],
  DanhSachLePhi: [
    {
      TenPhiLePhi: 'Lệ phí cấp lại',
      MaPhiLePhi: '1',
      HinhThucThu: '1',
      Gia: String(amountOf(n)),
      LoaiPhiLePhi: '2',
    },
  ],
  DanhSachTepDinhKemKhac: [],
  DanhSachHoSoBoSung: [],
  DanhSachGiayToKetQua: [],
})

const dossierWith = (more: (n: number) => Payload) => (n: number) => ({
  data: [{ ...dossier(n), ...more(n) }],
})

/** Only the code and what the action adds, as a short push does. */
const dossierPart = (more: (n: number) => Payload) => (n: number) => ({
  data: [{ MaHoSo: sampleDossierCode(n), ...more(n) }],
})

const results = (n: number): Payload => ({
  TrangThaiHoSo: '9',
  NgayKetThucXuLy: moment(n, 15),
  DanhSachGiayToKetQua: [
    {
      TenGiayTo: 'Giấy phép thử nghiệm',
      MaThanhPhanHoSo: '',
      GiayToId: `KQ${n}`,
      MaGiayToKetQua: 'KQ.G03.000001',
      DuongDanTepTinKetQua: `https://motcua.example.vn/ket-qua/${n}`,
    },
  ],
})

const supplements = (n: number): Payload => ({
  TrangThaiHoSo: '4',
  DanhSachHoSoBoSung: [
    {
      HoSoBoSungId: n + 1,
      NguoiYeuCauBoSung: pick(officers, n),
      NoiDungBoSung: 'Bổ sung bản sao giấy tờ tùy thân',
      NgayBoSung: moment(n, 10),
      NgayTiepNhanBoSung: '2026-11-29T10:15:00',
      TrangThaiBoSung: true,
      DanhSachGiayToBoSung: [],
      NgayHenTraTruoc: '20261230170000',
      NgayHenTraMoi: '20270106170000',
    },
  ],
})

export const dossierSamples = {
  'dossier.submitted': dossierWith(() => ({})),
  'dossier.updated': dossierWith(() => ({ TrangThaiHoSo: '4' })),
  'dossier.supplemented': dossierPart(supplements),
  'dossier.receipt': dossierPart((n) => ({
    NgayTiepNhan: moment(n, 9),
    MaDonVi: 'H49.05',
    NgayHenTra: '20261230170000',
  })),
  'dossier.withdrawn': dossierPart((n) => ({ LyDo: 'Không còn nhu cầu', NgayRut: moment(n, 11) })),
  'dossier.result': dossierWith(results),
  'dossier.result-revoked': dossierPart((n) => ({
    GiayToId: `KQ${n}`,
    LyDo: 'Cấp sai nội dung',
    NgayThuHoi: moment(n, 9),
  })),
  'dossier.copy-issued': dossierPart((n) => ({
    DanhSachBanSao: [{ MaBanSao: `BS${n}`, TenGiayTo: 'Bản sao giấy phép', NgayCap: moment(n, 10) }],
  })),
  'dossier.post-ordered': (n: number) => ({
    ...{
      MaHoSo: sampleDossierCode(n),
      CustomerCode: 'H49MC',
      CODAmount: amountOf(n),
      Description: 'Kết quả',
    },
    ...{
      SenderName: 'Bộ phận một cửa',
      SenderProvince: '20',
      SenderDistrict: '2000',
      SenderTel: '0900000100',
    },
    ...{ ReceiverName: pick(people, n), ReceiverProvince: '20', ReceiverDistrict: '2010' },
    ...{ ReceiverAddress: 'Số 1, đường Thử Nghiệm', ReceiverTel: '0900000101' },
  }),
  'dossier.post-cancelled': (n: number) => ({ MaHoSo: sampleDossierCode(n), CustomerCode: 'H49MC' }),
  'dossier.post-tracked': (n: number) => ({
    ...{ MaHoSo: sampleDossierCode(n), CustomerCode: 'H49MC', EventTime: moment(n, 9), POSID: '200000' },
    ...{ ItemCode: `EL${n}VN`, StatusCode: '200', StatusMessage: 'Đã phát thành công' },
  }),
  'status.updated': (n: number) => ({
    data: ['2', '4'].map((state, step) => ({
      MaHoSo: sampleDossierCode(n),
      NguoiXuLy: pick(officers, n + step),
      ChucDanh: 'Chuyên viên',
      ThoiDiemXuLy: moment(n, 9 + step),
      PhongBanXuLy: 'Phòng Thử nghiệm',
      NoiDungXuLy: 'Thẩm định hồ sơ',
      TrangThai: state,
      NgayBatDau: moment(n, 9),
      NgayKetThucTheoQuyDinh: '',
    })),
  }),
  'status.requested': dossierPart((n) => ({ ThoiDiemYeuCau: moment(n, 20) })),
}
