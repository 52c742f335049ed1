import { expect } from 'chai'
import { adapterEnvelope } from '../../adapters/agencies/adapter-envelope/index.ts'
import type { Dialect, DoorRequest, Trusted } from '../../adapters/agencies/dialect.ts'
import { facade } from '../../adapters/agencies/facade/index.ts'
import { lgsp } from '../../adapters/agencies/lgsp/index.ts'
import { nativeJson } from '../../adapters/agencies/native-json/index.ts'
import { tokenRest } from '../../adapters/agencies/token-rest/index.ts'
import type { ActionName } from '../../schemas/actions.ts'
import type { Agency } from '../../schemas/agency.ts'
import type { Json, Payload } from '../../schemas/message.ts'

export type Thing = 'dossier.submitted' | 'dossier.updated' | 'status.updated'
export const things: readonly Thing[] = ['dossier.submitted', 'dossier.updated', 'status.updated']

export const code = 'H49.05-261121-0001'
const unknown = { TruongRieng: { Con: ['a', 1, true], Rong: '' } }
const link = 'https://motcua.example.vn/tep/1'

/** What all dialects are to make of the same dossier, its change and its step. */
const submitted: Payload = {
  ...{ MaHoSo: code, MaTTHC: '1.009901', TenTTHC: 'Cấp lại giấy phép', ChuHoSo: 'Phạm Thị Mẫu' },
  ...{ SoGiayToChuHoSo: '022099000123', LoaiDoiTuong: '1', SoDienThoai: '0900000101', KenhThucHien: '2' },
  ...{ Email: 'mau@example.vn', MaDonVi: 'H49.05', DonViXuLy: 'Sở Thử nghiệm', TrangThaiHoSo: '2' },
  ...{ NgayNopHoSo: '20261121081500', NgayTiepNhan: '20261121083000', NgayHenTra: '20261128170000' },
  TaiLieuNop: [
    {
      ...{ TepDinhKemId: '880101', TenTepDinhKem: 'don.pdf', MaThanhPhanHoSo: 'KQ000001' },
      ...{ DuongDanTaiTepTin: link, TruongTep: 'x' },
    },
  ],
  DanhSachLePhi: [{ TenPhiLePhi: 'Lệ phí', LoaiPhiLePhi: '2', Gia: '150000', TruongPhi: ['y'] }],
  ...unknown,
}
const result = { TenGiayTo: 'gp.pdf', MaGiayToKetQua: 'KQ1', DuongDanTepTinKetQua: link, TruongKetQua: 'z' }
const updated: Payload = {
  ...{ ...submitted, TrangThaiHoSo: '9', NgayKetThucXuLy: '20261122100000' },
  DanhSachGiayToKetQua: [result],
  DanhSachHoSoBoSung: [
    {
      ...{ HoSoBoSungId: '7', NoiDungBoSung: 'Bổ sung bản sao', NgayBoSung: '20261121140000' },
      ...{ TrangThaiBoSung: 'True', DanhSachGiayToBoSung: [{ TenTepDinhKem: 'Bản sao' }] },
      TruongBoSung: 'w',
    },
  ],
}
const step: Payload = {
  ...{ MaHoSo: code, NguoiXuLy: 'Trần Văn Thử', ChucDanh: 'Chuyên viên', ThoiDiemXuLy: '20261121100000' },
  ...{ NoiDungXuLy: 'Thẩm định hồ sơ', TrangThai: '4' },
  ...unknown,
}
export const rows: Readonly<Record<Thing, Payload>> = {
  'dossier.submitted': submitted,
  'dossier.updated': updated,
  'status.updated': step,
}

/** A request of a client. */
const post = (path: string, body: Json, headers: DoorRequest['headers'] = {}): DoorRequest => ({
  ...{ method: 'POST', path, query: {}, headers, body: Buffer.from(JSON.stringify(body)) },
})

const without = (row: Payload, ...names: readonly string[]): Payload =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)))

/** One dialect in which dossiers come and go. */
export interface Speaker {
  readonly dialect: Dialect
  readonly options: Agency['options']
  /** The same things as its clients write them: by its own names, cases, codes and forms of dates. */
  readonly says: Readonly<Record<Thing, DoorRequest>>
  /** What we write to such a partner, as a request that its server gets. */
  readonly arrives: (thing: Thing, body: Json) => DoorRequest
  /** What it cannot say, where that is not nothing. */
  readonly lacks?: {
    /** Its request does not say whether the dossier is new: this is what it is where it is known. */
    readonly elseAs?: ActionName
    /** It has no natural key: its requests have a reference of their own. */
    readonly isReferenced?: true
    /** Its clients have no call for this: what arrives is another action, with other names. */
    readonly otherwise?: Partial<Record<Thing, { readonly action: ActionName; readonly row: Payload }>>
  }
}

const adapterPath = '/XrdAdapter/RestService/forward/mapi/g'
const service = (name: string, row: Payload, more: Payload = {}): DoorRequest =>
  post(adapterPath, { session: 'x', madonvi: 'H49', service: name, ...more, data: [row] })
/** An older client: other cases, dates as people write them, empty fields, numbers bare. */
const older = (row: Payload): Payload => ({
  ...without(row, 'TenTTHC', 'NgayTiepNhan', 'TrangThaiHoSo', 'LoaiDoiTuong'),
  ...{ TENTTHC: row['TenTTHC'] ?? '', NgayTiepNhan: '2026-11-21T08:30:00', NgayTra: '', Fax: null },
  ...{ trangThaiHoSo: Number(row['TrangThaiHoSo']), LoaiDoiTuong: 1 },
})

const adapterSpeaker: Speaker = {
  dialect: adapterEnvelope,
  options: { portal: { url: 'https://nhan.example.vn/forward', username: 'truc' } },
  says: {
    'dossier.submitted': service('DongBoHoSoMC', older(submitted), { isUpdating: 'False' }),
    'dossier.updated': service('DongBoHoSoMC', older(updated), { isUpdating: 'True' }),
    'status.updated': service('CapNhatTienDoHoSoMC', { ...step, ThoiDiemXuLy: '21/11/2026 10:00:00' }),
  },
  arrives: (_thing, body) => post(adapterPath, body),
}

const facadePaths: Readonly<Record<Thing, string>> = {
  'dossier.submitted': '/facade/ThemMoi',
  'dossier.updated': '/facade/CapNhat',
  'status.updated': '/facade/DongBoTienTrinh',
}
const facadeSpeaker: Speaker = {
  dialect: facade,
  options: { url: 'https://nhan.example.vn/KetNoiMotCuaQuocGia' },
  says: {
    'dossier.submitted': post(facadePaths['dossier.submitted'], [older(submitted)]),
    'dossier.updated': post(facadePaths['dossier.updated'], [older(updated)]),
    'status.updated': post(facadePaths['status.updated'], [step]),
  },
  arrives: (thing, body) => post(facadePaths[thing], body),
}

/** As a client of 2026 writes a dossier. */
const tokenCreate = (row: Payload): Json => ({
  ...without(row, 'MaDonVi', 'NgayNopHoSo', 'TaiLieuNop', 'SoDienThoai', 'Email', 'SoGiayToChuHoSo'),
  ...{ LoaiDoiTuong: 0, MaDonViTiepNhan: 'H49.05', NgayNop: '2026-11-21 08:15:00' },
  NgayTiepNhan: '2026-11-21 08:30:00',
  ThanhPhanHoSo: [
    {
      MaThanhPhanHoSo: 'KQ000001',
      GiayToDinhKem: [{ IdGiayTo: 880101, TenGiayTo: 'don.pdf', DuongDanTaiTepTin: link, TruongTep: 'x' }],
    },
  ],
  ThongTinNguoiNop: {
    ThongTinChiTiet: {
      ...{ SoDienThoai: '0900000101', Email: 'mau@example.vn', SoDinhDanhChuHs: '022099000123' },
    },
  },
})
const tokenPaths: Readonly<Record<Thing, string>> = {
  'dossier.submitted': '/token-rest/NoiHoSo',
  'dossier.updated': '/token-rest/CapNhatTrangThai',
  'status.updated': '/token-rest/CapNhatTienTrinh',
}
const tokenSpeaker: Speaker = {
  dialect: tokenRest,
  options: { url: 'https://nhan.example.vn/api', clientId: 'truc', createAgain: 'update' },
  says: {
    'dossier.submitted': post(tokenPaths['dossier.submitted'], tokenCreate(submitted)),
    'dossier.updated': post(tokenPaths['dossier.submitted'], tokenCreate(updated)),
    'status.updated': post(tokenPaths['status.updated'], [
      { ...step, ThoiDiemXuLy: '2026-11-21T03:00:00.000Z', TrangThai: 4 },
    ]),
  },
  arrives: (thing, body) => post(tokenPaths[thing], body),
  lacks: {
    elseAs: 'dossier.updated',
    otherwise: {
      'dossier.updated': {
        action: 'status.updated',
        row: { ...without(updated, 'TrangThaiHoSo'), TrangThai: '9' },
      },
    },
  },
}

/** As a client of LGSP writes a dossier: every name its own, flags beside dates. */
const lgspSync = (row: Payload): Json => ({
  ...{
    DocCode: code,
    DocTypeCode: '1.009901',
    DocTypeName: 'Cấp lại giấy phép',
    CitizenName: 'Phạm Thị Mẫu',
  },
  ...{ ApplicantsId: '022099000123', ApplicantsType: 1, Phone: '0900000101', Email: 'mau@example.vn' },
  ...{ OrganInchargeIdLevel1: 'H49.05', ProcessingOrganName: 'Sở Thử nghiệm', KenhThucHien: 2 },
  ...{ DateReceived: '21/11/2026 08:30:00', DateAppointed: '2026-11-28T17:00:00', IsReturned: 'false' },
  ...{ Status: Number(row['TrangThaiHoSo']), NgayNopHoSo: '20261121081500', ReturnedDate: null },
  ...{ SuccessDate: row['NgayKetThucXuLy'] ?? '', IsSuccess: row['NgayKetThucXuLy'] !== undefined },
  Attachments: [
    {
      ...{ Attachmentld: 880101, AttachmentName: 'don.pdf', MaThanhPhanHoSo: 'KQ000001' },
      ...{ DuongDanTaiTepTin: link, TruongTep: 'x' },
    },
  ],
  DocFees: [{ FeeName: 'Lệ phí', FeeType: 2, Price: 150000, TruongPhi: ['y'] }],
  ...unknown,
  ...(row === updated && {
    DanhSachGiayToKetQua: result,
    Supplementaries: {
      ...{ SupplementaryId: 7, SendComment: 'Bổ sung bản sao', SendDate: '2026-11-21 14:00:00' },
      ...{ IsReceived: true, Papers: [{ PaperName: 'Bản sao' }], TruongBoSung: 'w' },
    },
  }),
})
const lgspPaths: Readonly<Record<Thing, string>> = {
  'dossier.submitted': '/lgsp/Document/SyncDocument',
  'dossier.updated': '/lgsp/Document/SyncDocument',
  'status.updated': '/lgsp/Document/UpdateDocumentTraces',
}
const lgspSpeaker: Speaker = {
  dialect: lgsp,
  options: { url: 'https://nhan.example.vn/lgsp', clientId: 'truc' },
  says: {
    'dossier.submitted': post(lgspPaths['dossier.submitted'], lgspSync(submitted)),
    'dossier.updated': post(lgspPaths['dossier.updated'], lgspSync(updated)),
    'status.updated': post(lgspPaths['status.updated'], {
      ...{ DocCode: code, UserName: 'Trần Văn Thử', UserPosition: 'Chuyên viên', Status: 4 },
      ...{ DateCreated: '2026-11-21 10:00:00', Comment: 'Thẩm định hồ sơ' },
      ...unknown,
    }),
  },
  arrives: (thing, body) => post(lgspPaths[thing], body),
  lacks: { elseAs: 'dossier.updated' },
}

const native = (action: Thing, payload: Json): DoorRequest =>
  post('/v1/messages', { action, payload }, { 'idempotency-key': '"h49-1"' })
const nativeSpeaker: Speaker = {
  dialect: nativeJson,
  options: {},
  says: {
    'dossier.submitted': native('dossier.submitted', { data: [submitted] }),
    'dossier.updated': native('dossier.updated', { data: [updated] }),
    'status.updated': native('status.updated', { data: [step] }),
  },
  arrives: (thing, body) => native(thing, (body as Payload)['payload'] ?? null),
  lacks: { isReferenced: true },
}

export const speakers = [adapterSpeaker, facadeSpeaker, tokenSpeaker, lgspSpeaker, nativeSpeaker]

export const agencyOf = ({ dialect, options }: Speaker): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: dialect.name, options },
})

/** The one message that a request is. */
export function told(speaker: Speaker, request: DoorRequest): Trusted {
  const contents = speaker.dialect.decode(request, agencyOf(speaker)) as readonly Trusted[]
  expect(contents).to.have.lengthOf(1)
  return contents[0]!
}
