import type { Payload } from '../../../schemas/message.ts'
import { people, pick, pad, moment } from './invented.ts'

const petition = (n: number): Payload => ({ MaPAKN: `PAKN.20261121.${pad(n, 6)}`, MaDonVi: 'H49.05' })

const petitionWith = (state: string, more: (n: number) => Payload = () => ({})) => {
  return (n: number) => ({ ...petition(n), TrangThai: state, NgayXuLy: moment(n, 14), ...more(n) })
}

const fullPetition = (n: number): Payload => ({
  ...petition(n),
  TieuDe: 'Hướng dẫn nộp hồ sơ chưa rõ',
  NoiDung: 'Thủ tục cấp lại giấy phép niêm yết tại bộ phận một cửa khác với nội dung trên Cổng.',
  LoaiPAKN: '2',
  NguonPAKN: '1',
  MaDoiTuong: `3f0c7c1e-0000-4000-8000-${pad(n, 12)}`,
  TenNguoiPhanAnh: pick(people, n),
  DiaChi: `${1 + (n % 200)} Phố Thử, phường Mẫu, tỉnh Quảng Ninh`,
  SoDienThoai: `0900${pad(n % 1_000_000, 6)}`,
  Email: `nguoi.hoi.${n}@example.vn`,
  TrangThai: 'MOI_TIEP_NHAN',
  NgayPhanAnh: moment(n, 8),
  TepDinhKem: [{ TenTepDinhKem: 'ảnh niêm yết.jpg', DuongDanTaiTepTin: `https://pakn.example.vn/tep/${n}` }],
})

const refusal = () => ({ LyDo: 'Nội dung không thuộc phạm vi tiếp nhận' })
const handOver = () => ({ MaDonViNhan: 'G22', LyDo: 'Thuộc thẩm quyền của cơ quan khác' })
const answerText = { NoiDungTraLoi: 'Đã kiểm tra và sửa nội dung niêm yết.' }

export const paknSamples = {
  'pakn.received': fullPetition,
  'pakn.classified': petitionWith('DANG_XU_LY'),
  'pakn.refused': petitionWith('TU_CHOI', refusal),
  'pakn.supplement-asked': petitionWith('CHO_BO_SUNG', () => ({ NoiDungYeuCau: 'Nêu rõ nơi niêm yết' })),
  'pakn.supplemented': petitionWith('DA_BO_SUNG', () => ({
    NoiDungBoSung: 'Niêm yết tại bộ phận một cửa phường Mẫu',
  })),
  'pakn.forwarded': petitionWith('DA_CHUYEN', handOver),
  'pakn.co-handled': petitionWith('DANG_XU_LY', () => ({
    DanhSachDonViPhoiHop: [{ MaDonVi: 'H49.06' }, { MaDonVi: 'G03' }],
  })),
  'pakn.progress': petitionWith('DANG_XU_LY', () => ({ NoiDungXuLy: 'Đang xác minh' })),
  'pakn.answered': petitionWith('DA_TRA_LOI', (n) => ({
    ...answerText,
    NgayCoKetQua: moment(n, 14),
    CongKhai: '1',
  })),
  'pakn.returned': petitionWith('TRA_LAI', handOver),
  'pakn.published': petitionWith('DA_CONG_KHAI', (n) => ({ ...answerText, NgayCongKhai: moment(n, 16) })),
  'pakn.escalated': petitionWith('DA_CHUYEN', handOver),
  'pakn.withdrawn': petitionWith('DA_RUT', (n) => ({ NgayRut: moment(n, 16) })),
}
