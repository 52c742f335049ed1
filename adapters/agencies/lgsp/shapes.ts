import type { Names } from '../dossiers/renamed.ts'

/** How one object of LGSP stands to a national one. Its other fields keep their names. */
export interface Shape {
  readonly names: Names
  /** Lists, by LGSP's name. */
  readonly lists?: Readonly<Record<string, Shape>>
  /** Fields by LGSP's names that are numbers, truth values and dates there. */
  readonly numbers?: readonly string[]
  readonly truths?: readonly string[]
  readonly dates?: readonly string[]
}

const same = (...names: readonly string[]): Names => Object.fromEntries(names.map((name) => [name, name]))

const fee: Shape = {
  names: { FeeName: 'TenPhiLePhi', FeeType: 'LoaiPhiLePhi', Price: 'Gia' },
  numbers: ['FeeType', 'Price'],
}

const paper: Shape = {
  names: { PaperName: 'TenGiayTo', Amount: 'SoLuong', PaperType: 'LoaiGiayTo' },
  numbers: ['Amount', 'PaperType'],
}

/** Papers of a supplement are attachments in the national list. */
const supplementPaper: Shape = {
  ...paper,
  names: { ...same('Amount', 'PaperType'), PaperName: 'TenTepDinhKem' },
}

const attachment: Shape = {
  names: {
    AttachmentId: 'TepDinhKemId',
    Attachmentld: 'TepDinhKemId', // sic, with a small letter L: how it is written
    AttachmentName: 'TenTepDinhKem',
    ...same('IsDeleted', 'IsVerified', 'Base64'),
  },
  truths: ['IsDeleted', 'IsVerified'],
}

const supplement: Shape = {
  names: {
    ...{ SupplementaryId: 'HoSoBoSungId', SendUser: 'NguoiYeuCauBoSung', SendComment: 'NoiDungBoSung' },
    ...{ SendDate: 'NgayBoSung', ReceivedUser: 'NguoiTiepNhanBoSung', ReceivedComment: 'ThongTinTiepNhan' },
    ...{ ReceivedDate: 'NgayTiepNhanBoSung', IsReceived: 'TrangThaiBoSung' },
    ...{ OldDateAppointed: 'NgayHenTraTruoc', NewDateAppointed: 'NgayHenTraMoi' },
    ...{ Papers: 'DanhSachGiayToBoSung', Fees: 'DanhSachLePhiBoSung' },
  },
  lists: { Papers: supplementPaper, Fees: fee },
  numbers: ['SupplementaryId'],
  truths: ['IsReceived'],
  dates: ['SendDate', 'ReceivedDate', 'OldDateAppointed', 'NewDateAppointed'],
}

/** `SyncDocument` (dvcqg §14.1). */
export const document: Shape = {
  names: {
    ...{ DocTypeCode: 'MaTTHC', DocTypeName: 'TenTTHC', DocCode: 'MaHoSo', CitizenName: 'ChuHoSo' },
    ...{ CitizenInfo: 'ThongTinKhac', ApplicantsId: 'SoGiayToChuHoSo', ApplicantsType: 'LoaiDoiTuong' },
    ...{ Email: 'Email', Phone: 'SoDienThoai', Compendium: 'TrichYeuHoSo', Note: 'GhiChu' },
    ...{ DateReceived: 'NgayTiepNhan', DateAppointed: 'NgayHenTra', SuccessDate: 'NgayKetThucXuLy' },
    ...{ ReturnedDate: 'NgayTra', ReturnNote: 'ThongTinTra', ReturnedType: 'HinhThuc' },
    ...{ Status: 'TrangThaiHoSo', ProcessingOrganName: 'DonViXuLy', OrganInchargeIdLevel1: 'MaDonVi' },
    ...{ Attachments: 'TaiLieuNop', DocFees: 'DanhSachLePhi', DocPapers: 'DanhSachTepDinhKemKhac' },
    Supplementaries: 'DanhSachHoSoBoSung',
    ...same('IsSuccess', 'IsReturned', 'Address', 'FinishedDate', 'OrganInchargeName'),
  },
  lists: { Attachments: attachment, DocFees: fee, DocPapers: paper, Supplementaries: supplement },
  numbers: ['ApplicantsType', 'ReturnedType', 'Status'],
  truths: ['IsSuccess', 'IsReturned'],
  dates: ['DateReceived', 'DateAppointed', 'SuccessDate', 'ReturnedDate', 'FinishedDate'],
}

/** `UpdateDocumentTraces`. */
export const trace: Shape = {
  names: {
    ...{ DocCode: 'MaHoSo', UserName: 'NguoiXuLy', UserPosition: 'ChucDanh', DateCreated: 'ThoiDiemXuLy' },
    ...{ Comment: 'NoiDungXuLy', Status: 'TrangThai' },
  },
  numbers: ['Status'],
  dates: ['DateCreated'],
}

/** `UpdateStatistic` (dvcqg §13). */
export const statistic: Shape = {
  names: {
    ...{ OrganizationInchargeIdlevel1: 'MaDonVi', OrganizationInchargeName: 'TenDonVi' },
    ...{
      NewReception: 'TiepNhanMoi',
      PreExtisting: 'TonKyTruoc',
      Total: 'TongSo',
      TotalSolved: 'DaGiaiQuyet',
    }, // sic
    ...{ SolvedInTime: 'DungHan', SolvedInTimePercent: 'TyLeDungHan', SolvedLate: 'TreHan' },
    ...{ TotalPending: 'DangGiaiQuyet', PendingLate: 'DangGiaiQuyetTreHan', Note: 'GhiChu' },
    ...same('Month', 'Year', 'IsMonthStatistic'),
  },
  numbers: [
    ...['NewReception', 'PreExtisting', 'Total', 'TotalSolved', 'SolvedInTime', 'SolvedInTimePercent'],
    ...['SolvedLate', 'TotalPending', 'PendingLate'],
  ],
}

/** `UpdateVote`. */
export const vote: Shape = {
  names: {
    ...{ OrganizationInchargeIdLevel1: 'MaDonVi', OrganizationInchargeName: 'TenDonVi' },
    ...same('DateCreated', 'TotalVoted'),
  },
  numbers: ['TotalVoted'],
  dates: ['DateCreated'],
}
