import { expect } from 'chai'
import type { Dialect, Trusted } from '../../../adapters/agencies/dialect.ts'
import { lgsp } from '../../../adapters/agencies/lgsp/index.ts'
import { tokenRest } from '../../../adapters/agencies/token-rest/index.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { lgspDocument, lgspTrace } from '../../support/samples/lgsp.ts'
import { tokenRestCreate, tokenRestState, tokenRestStep } from '../../support/samples/token-rest.ts'

const code = 'H49.05-261121-0001'

/** A call by which rows come, and what a test of tolerance needs to know of it. */
interface Call {
  readonly dialect: Dialect
  readonly path: string
  readonly sample: (more?: Payload) => Payload
  /** A field that holds a date, and its national name. */
  readonly date: readonly [field: string, national: string]
  /** A field that holds a whole number, and its national name. */
  readonly number: readonly [field: string, national: string]
  /** Fields that are known, unlike those of a form of the client's own. */
  readonly known: readonly string[]
}

const calls: readonly Call[] = [
  {
    ...{ dialect: tokenRest, path: '/token-rest/NoiHoSo', sample: (more) => tokenRestCreate(code, more) },
    ...{ date: ['NgayNop', 'NgayNopHoSo'], number: ['TrangThaiHoSo', 'TrangThaiHoSo'] },
    known: [
      ...['MaHoSo', 'MaTTHC', 'ChuHoSo', 'LoaiDoiTuong', 'MaDonViTiepNhan', 'NgayNop', 'NgayTiepNhan'],
      ...['ThanhPhanHoSo', 'MaThanhPhanHoSo', 'GiayToDinhKem', 'IdGiayTo', 'TenGiayTo', 'SoDienThoai'],
      ...['ThongTinNguoiNop', 'IdDoiTuong', 'ThongTinChiTiet', 'SoDinhDanhChuHs', 'SoLuong', 'LoaiBan'],
    ],
  },
  {
    ...{ dialect: tokenRest, path: '/token-rest/CapNhatTienTrinh' },
    sample: (more) => tokenRestStep(code, more),
    ...{ date: ['ThoiDiemXuLy', 'ThoiDiemXuLy'], number: ['TrangThai', 'TrangThai'] },
    known: ['MaHoSo', 'NguoiXuLy', 'ThoiDiemXuLy', 'NoiDungXuLy', 'TrangThai'],
  },
  {
    ...{ dialect: tokenRest, path: '/token-rest/CapNhatTrangThai' },
    sample: (more) => tokenRestState(code, more),
    ...{ date: ['NgayBatDau', 'NgayBatDau'], number: ['TrangThai', 'TrangThai'] },
    known: ['MaHoSo', 'TrangThai', 'PhongBanXuLy', 'NoiDungXuLy', 'DanhSachGiayToKetQua'],
  },
  {
    ...{ dialect: lgsp, path: '/lgsp/Document/SyncDocument', sample: (more) => lgspDocument(code, more) },
    ...{ date: ['DateReceived', 'NgayTiepNhan'], number: ['Status', 'TrangThaiHoSo'] },
    known: [
      ...['DocTypeCode', 'DocTypeName', 'DocCode', 'CitizenName', 'ApplicantsId', 'ApplicantsType', 'Phone'],
      ...['DateReceived', 'IsSuccess', 'IsReturned', 'ReturnedType', 'Status', 'ProcessingOrganName'],
      ...['Attachments', 'AttachmentName', 'IsDeleted', 'DocFees', 'FeeName', 'Price', 'DocPapers', 'Amount'],
    ],
  },
  {
    ...{
      dialect: lgsp,
      path: '/lgsp/Document/UpdateDocumentTraces',
      sample: (more) => lgspTrace(code, more),
    },
    ...{ date: ['DateCreated', 'ThoiDiemXuLy'], number: ['Status', 'TrangThai'] },
    known: ['DocCode', 'UserName', 'UserPosition', 'DateCreated', 'Comment', 'Status'],
  },
]

const agencyOf = ({ dialect: { name } }: Call): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: name, options: {} },
})

function decode(call: Call, body: Json | string): readonly Trusted[] {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const request = { method: 'POST', path: call.path, query: {}, headers: {}, body: bytes }
  return call.dialect.decode(request, agencyOf(call)) as readonly Trusted[]
}

const payloadsOf = (call: Call, body: Json) => decode(call, body).map(({ payload }) => payload)

const rowOf = (call: Call, more: Payload): Payload =>
  (decode(call, call.sample(more))[0]?.payload['data'] as readonly Payload[])[0] ?? {}

/** The same with the names of known fields as `change` has them, at every level. */
function spelled(value: Json, known: readonly string[], change: (name: string) => string): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => spelled(each, known, change))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([name, part]) => [
    known.includes(name) ? change(name) : name,
    spelled(part, known, change),
  ])
  return Object.fromEntries(entries) as Json
}

const dates = {
  yyyyMMddHHmmss: ['20261121083000', '20261121083000'],
  yyyyMMdd: ['20261121', '20261121000000'],
  'dd/MM/yyyy': ['21/11/2026', '20261121000000'],
  'dd-MM-yyyy': ['21-11-2026', '20261121000000'],
  'yyyy-MM-dd HH:mm:ss': ['2026-11-21 08:30:00', '20261121083000'],
  'ISO in our zone': ['2026-11-21T08:30:00', '20261121083000'],
  'ISO with milliseconds': ['2026-11-21T01:30:00.000Z', '20261121083000'],
  'ISO with a zone': ['2026-11-21T08:30:00+07:00', '20261121083000'],
} as const

for (const call of calls)
  describe(`what ${call.path} must accept [dvcqg §19]`, () => {
    const { known, sample } = call

    it('row 7: known fields in any case, null and nothing as missing, and all else as it is', () => {
      const whole = payloadsOf(call, sample())
      for (const change of [(name: string) => name.toUpperCase(), (name: string) => name.toLowerCase()])
        expect(payloadsOf(call, spelled(sample(), known, change))).to.deep.equal(whole)
      const [date] = call.date
      const missing = Object.fromEntries(Object.entries(sample()).filter(([name]) => name !== date))
      for (const nothing of [null, ''])
        expect(payloadsOf(call, { ...missing, [date]: nothing })).to.deep.equal(payloadsOf(call, missing))
      const own = { TruongRieng: { Con: [null, 1, 'x'] }, truongkhac: '' }
      expect(rowOf(call, own)).to.deep.include(own)
    })

    it('row 8: scalars as text and bare', () => {
      const [field, national] = call.number
      for (const value of [4, '4', 4.0]) expect(rowOf(call, { [field]: value })[national]).to.equal('4')
    })

    for (const [name, [written, read]] of Object.entries(dates))
      it(`row 9: a date as ${name}`, () => {
        const [field, national] = call.date
        expect(rowOf(call, { [field]: written })[national]).to.equal(read)
      })

    it('row 10: a list, one object, and nothing', () => {
      const one = decode(call, sample())
      expect(decode(call, [sample()]).map(({ payload }) => payload)).to.deep.equal(
        one.map(({ payload }) => payload),
      )
      for (const nothing of ['', '[]', 'null']) expect(decode(call, nothing), nothing).to.deep.equal([])
    })

    it('row 11: a body without a charset is UTF-8, with a byte-order mark or without', () => {
      const text = JSON.stringify(sample({ GhiChu: 'Đã đủ giấy tờ' }))
      const given = (body: string) => decode(call, body)[0]?.payload
      expect(given(`\ufeff${text}`)).to.deep.equal(given(text))
      expect(JSON.stringify(given(text))).to.contain('Đã đủ giấy tờ')
    })
  })

describe('what LGSP must accept [dvcqg §19]', () => {
  const [sync] = calls.filter(({ path }) => path.endsWith('SyncDocument'))

  it('row 8: truth in every spelling', () => {
    for (const value of ['True', 'true', true, '1', 1]) {
      const row = rowOf(sync!, { IsReturned: value, ReturnedDate: '20261122' })
      expect(row, String(value)).not.to.have.property('IsReturned')
    }
    for (const value of ['False', 'false', false, '0', 0]) {
      const row = rowOf(sync!, { IsReturned: value, ReturnedDate: '' })
      expect(row, String(value)).not.to.have.property('IsReturned')
    }
  })

  it('trap 6: an empty status, and papers without a component', () => {
    const row = rowOf(sync!, { Status: '', Attachments: [{ Attachmentld: 1, MaThanhPhanHoSo: '' }] })
    expect(row).not.to.have.property('TrangThaiHoSo')
    expect(row['TaiLieuNop']).to.deep.equal([{ TepDinhKemId: '1' }])
  })
})
