import type { Payload } from '../../../schemas/message.ts'
import { officers, pick, pad, moment, identity } from './invented.ts'

const question = (n: number): Payload => ({
  HOIDAPID: 550_000 + n,
  MADONVI: 'H49.05',
  NOIDUNG: 'Nộp hồ sơ trực tuyến ở đâu?',
})

const account = (n: number): Payload => ({
  TaiKhoan: `canbo.${n}@h49.example.vn`,
  HoVaTen: pick(officers, n),
  SoDinhDanh: identity(n),
  MaDonVi: 'H49.05',
  NhomVaiTro: ['tiep-nhan'],
  NgayHieuLuc: moment(n, 8),
})

const documentId = (n: number) => `000.00.05.H49,2026/11/20,${n + 1}/STN-VP`
const notice = (title: string) => (n: number) => ({
  MaThongBao: `TB${pad(n, 6)}`,
  TieuDe: title,
  NoiDung: 'Hệ thống ngừng phục vụ ngoài giờ làm việc, dữ liệu được giữ và gửi lại sau.',
  MaDonVi: 'H49',
  TuThoiGian: moment(n, 18),
  DenThoiGian: moment(n, 22),
})

const catalogRow = (n: number) => ({ DanhMuc: '1', Ma: `1.${pad(n % 1_000_000, 6)}`, MaDonVi: 'G03' })

export const otherSamples = {
  'catalog.changed': (n: number) => ({
    ...catalogRow(n),
    ThaoTac: 'sua',
    NgayHieuLuc: '20261201000000',
    NoiDung: { MATTHC: catalogRow(n).Ma, TENTTHC: 'Cấp lại giấy phép thử nghiệm', TRANGTHAI: '1' },
  }),
  'catalog.correction-requested': (n: number) => ({
    ...catalogRow(n),
    NoiDungDeNghi: 'Sửa thời hạn giải quyết',
    NgayDeNghi: moment(n, 9),
  }),
  'catalog.corrected': (n: number) => ({ ...catalogRow(n), NgayCapNhat: moment(n, 9), KetQua: 'Đã sửa' }),
  'statistics.reported': (n: number) => ({
    MaDonVi: 'H49',
    KyBaoCao: `${2026 + (Math.floor(n / 12) % 1000)}-${pad(1 + (n % 12), 2)}`,
    TiepNhanMoi: 120 + n,
    TongSo: 150 + n,
    DaGiaiQuyet: 100 + n,
    TyLeDungHan: '98.5',
  }),
  'question.asked': (n: number) => ({ data: [question(n)] }),
  'question.answered': (n: number) => ({
    data: [
      {
        ...question(n),
        NGUOITRALOI: pick(officers, n),
        NGAYTRALOI: '21/11/2026',
        NOIDUNGTRALOI: 'Ông/bà nộp tại Cổng.',
      },
    ],
  }),
  'question.rated': (n: number) => ({
    data: [{ ...question(n), DIEM: 1 + (n % 5), NGAYDANHGIA: moment(n, 20) }],
  }),
  'account.created': account,
  'account.changed': (n: number) => ({ ...account(n), ChucVu: 'Phó trưởng phòng' }),
  'account.locked': (n: number) => ({
    ...account(n),
    NgayKhoa: moment(n, 17),
    LyDo: 'Không sử dụng quá 6 tháng',
  }),
  'account.scope-changed': (n: number) => ({ ...account(n), PhamViTTHC: [{ MaTTHC: '1.009999' }] }),
  'document.letter': (n: number) => ({
    DocumentId: documentId(n),
    From: { OrganId: 'H49.05', OrganName: 'Sở Thử nghiệm' },
    To: [{ OrganId: 'G22', OrganName: 'Bộ Mẫu' }],
    Code: { CodeNumber: String(n + 1), CodeNotation: 'STN-VP' },
    PromulgationInfo: { Place: 'Quảng Ninh', PromulgationDate: '2026/11/20' },
    DocumentType: { Type: 2, TypeName: 'Công văn' },
    Subject: 'Về việc phối hợp thử nghiệm liên thông',
    SignerInfo: { Position: 'Giám đốc', FullName: pick(officers, n) },
    Bussiness: { BussinessDocType: '0' },
  }),
  'document.status': (n: number) => ({
    DocumentId: documentId(n),
    StatusCode: '03',
    Timestamp: '2026/11/21 08:30:00',
  }),
  'notice.alert': notice('Mất kết nối'),
  'notice.maintenance': notice('Bảo trì định kỳ'),
  'notice.incident': notice('Sự cố đường truyền'),
  'notice.notification': notice('Hồ sơ đã có kết quả'),
}
