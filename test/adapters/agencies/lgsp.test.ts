import { expect } from 'chai'
import fc from 'fast-check'
import { adapterEnvelope } from '../../../adapters/agencies/adapter-envelope/index.ts'
import type { Trusted } from '../../../adapters/agencies/dialect.ts'
import { takeFiles } from '../../../adapters/agencies/lgsp/attachments.ts'
import { door } from '../../../adapters/agencies/lgsp/door.ts'
import { lgsp } from '../../../adapters/agencies/lgsp/index.ts'
import type { ActionName } from '../../../schemas/actions.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { samplePayload } from '../../support/payloads.ts'
import { lgspDocument, lgspStatistic, lgspTrace, lgspVote } from '../../support/samples/lgsp.ts'
import { withoutEmpty } from '../../support/without-empty.ts'
import { nobodySigns } from '../../support/memory-files.ts'

const agencyWith = (options: Agency['options'] = {}): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'lgsp' },
  options: { url: 'https://lgsp.example.vn/adapter', clientId: 'truc', ...options },
})

const requestOf = (path: string, body: Uint8Array | string, headers = {}) => ({
  ...{ method: 'POST', path, query: {}, headers, body: Buffer.from(body) },
})

const decode = (call: string, body: Json, options: Agency['options'] = {}): readonly Trusted[] =>
  lgsp.decode(requestOf(`/lgsp/${call}`, JSON.stringify(body)), agencyWith(options)) as readonly Trusted[]

const sync = 'Document/SyncDocument'
const rowIn = (contents: readonly Trusted[]): Payload =>
  (contents[0]?.payload['data'] as readonly Payload[])[0] ?? {}

function encode(action: ActionName, payload: Payload, options: Agency['options'] = {}): Json {
  const encoded = lgsp.encode({ ...messageOf(action), payload }, agencyWith(options))
  return encoded.kind === 'encoded'
    ? (JSON.parse(Buffer.from(encoded.body).toString()) as Json)
    : `unsupported: ${encoded.reason}`
}

const code = 'H49.05-261121-0001'
const link = `/v1/files/01930000-0000-7000-8000-0000000000aa?sha256=${'ab'.repeat(32)}`

/** Takes files out of a body that comes in pieces of a size; tells what is left and what was kept. */
async function take(body: string, size = 7) {
  const kept: string[] = []
  const bytes = Buffer.from(body)
  async function* pieces() {
    for (let at = 0; at < bytes.byteLength; at += size)
      yield await Promise.resolve(bytes.subarray(at, at + size))
  }
  const left = await takeFiles({
    bytes: pieces(),
    keeping: {
      maxBytes: 1e6,
      signers: nobodySigns,
      read: () => Promise.reject(new Error('not read')),
      async keep(file) {
        const parts: Uint8Array[] = []
        for await (const part of file) parts.push(part)
        kept.push(Buffer.concat(parts).toString())
        const id = `01930000-0000-7000-8000-00000000000${kept.length}`
        return { id, digest: 'ab'.repeat(32), size: 1, mediaType: 'text/plain' }
      },
    },
  })
  return { left: Buffer.from(left).toString(), kept }
}

describe('LGSP', () => {
  it('decodes the dossier that it has encoded, in each of its forms of dates, but for fields that say nothing', () => {
    fc.assert(
      fc.property(
        fc.nat(100_000),
        fc.constantFrom('yyyyMMddHHmmss', 'yyyy-MM-dd HH:mm:ss', 'iso'),
        fc.constantFrom('dossier.submitted', 'dossier.updated', 'dossier.result'),
        (n, dates, action) => {
          const payload = samplePayload(action, n)
          const [content] = decode(sync, encode(action, payload, { dates }))
          expect(content?.payload).to.deep.equal(withoutEmpty(payload))
        },
      ),
    )
  })

  it('decodes the steps and the figures that it has encoded', () => {
    fc.assert(
      fc.property(fc.nat(11_000), (n) => {
        const [row = {}] = samplePayload('status.updated', n)['data'] as readonly Payload[]
        const step = { data: [row] }
        const [trace] = decode('Document/UpdateDocumentTraces', encode('status.updated', step))
        expect(trace?.payload).to.deep.equal(withoutEmpty(step))
        const figures = samplePayload('statistics.reported', n)
        const [report] = decode('Statistic/UpdateStatistic', encode('statistics.reported', figures))
        const texts = Object.entries(figures).map(([name, value]) => [name, String(value as string | number)])
        expect(report?.payload).to.deep.equal(Object.fromEntries(texts))
      }),
    )
  })

  it('makes the same message of a dossier as the adapter envelope does', () => {
    const national = {
      ...{ MaHoSo: code, MaTTHC: '1.009901', TenTTHC: 'Cấp lại giấy phép', ChuHoSo: 'Phạm Thị Mẫu' },
      ...{
        SoGiayToChuHoSo: '022099000123',
        LoaiDoiTuong: '1',
        SoDienThoai: '0900000101',
        Address: 'Thôn Thử',
      },
      ...{ NgayTiepNhan: '20261121083000', NgayHenTra: '20261128170000', HinhThuc: '0', TrangThaiHoSo: '2' },
      ...{ DonViXuLy: 'Sở Thử nghiệm', MaDonVi: 'H49.05', OrganInchargeName: 'Sở Thử nghiệm' },
      TaiLieuNop: [
        { TepDinhKemId: '880101', TenTepDinhKem: 'don.pdf', IsDeleted: 'False', IsVerified: true },
      ],
      DanhSachLePhi: [{ TenPhiLePhi: 'Lệ phí', LoaiPhiLePhi: '2', Gia: '150000' }],
      DanhSachTepDinhKemKhac: [{ TenGiayTo: 'Bản chính', SoLuong: '1', LoaiGiayTo: '1' }],
    }
    const pushed = { service: 'DongBoHoSoMC', isUpdating: 'False', data: [national] }
    const request = requestOf('/adapter/g', JSON.stringify(pushed))
    const [first] = adapterEnvelope.decode(request, { ...agencyWith(), options: {} }) as readonly Trusted[]
    const [second] = decode(sync, lgspDocument(code))
    const original = Buffer.alloc(0)
    expect({ ...second, original }, 'but that it does not say whether it creates').to.deep.equal({
      ...{ ...first, original },
      elseAs: 'dossier.updated',
    })
  })

  it('reads the id of an attachment by the name that is misspelt, and by the right one, in any case', () => {
    for (const name of ['Attachmentld', 'AttachmentId', 'attachmentID']) {
      const row = rowIn(decode(sync, lgspDocument(code, { Attachments: { [name]: 7 } })))
      expect(row['TaiLieuNop'], name).to.deep.equal([{ TepDinhKemId: '7' }])
    }
    const wire = encode('dossier.submitted', {
      data: [{ MaHoSo: code, MaTTHC: '1.1', TaiLieuNop: [{ TepDinhKemId: '7' }] }],
    })
    expect(wire).to.deep.include({ Attachments: [{ Attachmentld: '7' }] })
  })

  it('keeps a flag that contradicts its date, and no other', () => {
    const row = rowIn(
      decode(sync, lgspDocument(code, { IsSuccess: true, IsReturned: 'true', ReturnedDate: '20261122' })),
    )
    expect(row)
      .to.include({ IsSuccess: true, NgayTra: '20261122000000' })
      .and.not.to.have.property('IsReturned')
  })

  it('takes a step for the same as the adapter envelope does', () => {
    const [step] = decode('Document/UpdateDocumentTraces', lgspTrace(code))
    expect(step?.naturalKey).to.deep.equal([
      ...['progress', code, '20261121100000', '4', 'Trần Văn Thử', 'Thẩm định hồ sơ'],
    ])
    expect(rowIn([step!])).to.include({ ChucDanh: 'Chuyên viên', DocumentId: '77' })
  })

  it('reads figures of a month and of a year, and of a body that names none', () => {
    const figures = (more: Payload) => decode('Statistic/UpdateStatistic', lgspStatistic(more))[0]?.payload
    expect(figures({ Month: 1 })).to.include({ KyBaoCao: '2026-01', TonKyTruoc: '30', Pending: 48 })
    const year = figures({ IsMonthStatistic: false, OrganizationInchargeIdlevel1: '' })
    expect(year).to.include({ KyBaoCao: '2026', MaDonVi: 'H49' })
    expect(encode('statistics.reported', { MaDonVi: 'H49', KyBaoCao: '2026-Q4' })).to.contain('unsupported')
  })

  it('carries votes there and back', () => {
    const [content] = decode('Vote/UpdateVote', lgspVote())
    expect(encode('statistics.reported', content?.payload ?? {})).to.deep.equal(
      lgspVote({ DateCreated: '20261121000000' }),
    )
  })

  it('knows a client by lgspaccesstoken as text and in base64', () => {
    const json = '{"AccessKey":"khoa","SecretKey":"bi-mat"}'
    for (const lgspaccesstoken of [json, Buffer.from(json).toString('base64')]) {
      const request = requestOf('/lgsp/token', 'grant_type=client_credentials', { lgspaccesstoken })
      expect(door.read(request, null)).to.deep.equal({ kind: 'login', account: 'khoa', secret: 'bi-mat' })
    }
    const request = requestOf('/lgsp/token', '', { lgspaccesstoken: 'không phải JSON' })
    expect(door.read(request, null)).to.include({ account: '' })
  })

  it('takes files out of a dossier as they come, however it is cut and escaped', async () => {
    const large = 'một tệp lớn '.repeat(50)
    const base64 = Buffer.from(large).toString('base64')
    const escapes = (text: string) => JSON.stringify(text).replaceAll('/', '\\/').replaceAll('+', '\\u002B')
    const body = `{ "Note": "a \\"Base64\\": \\\\", "Attachments": [{"Base64" :\n ${escapes(base64)}, "x":1},
      {"base64":"${base64.slice(0, 76)}\\r\\n${base64.slice(76)}"}, {"Base64":""}, {"Base64":null}], "y": "Base64" }`
    for (const size of [1, 2, 3, 7, 64, 100_000]) {
      const { left, kept } = await take(body, size)
      expect(kept, `pieces of ${size}`).to.deep.equal([large, large])
      const { Attachments, Note, y } = JSON.parse(left) as Payload
      expect([Note, y]).to.deep.equal(['a "Base64": \\', 'Base64'])
      expect((Attachments as readonly Payload[])[0]?.['Base64']).to.match(/^\/v1\/files\/.*01\?sha256=/)
    }
  })

  it('refuses what is no base64, and more than a message beside the files', async () => {
    const refusal = (body: string, size?: number) =>
      take(body, size).then(
        () => '',
        (error: unknown) => String(error),
      )
    for (const bad of ['!!!!', 'QUJD*', 'QUJ', 'QUJD\\"', 'QUJD\\'])
      expect(await refusal(`{"Base64":"${bad}"}`), bad).to.contain('not base64')
    expect(await refusal(`{"Note":"${'x'.repeat(3 * 1024 * 1024)}"}`, 100_000)).to.contain('too_large')
  })

  it('puts the files of a message inside, and no other', () => {
    const partsOf = (paper: Payload) => {
      const payload = { data: [{ MaHoSo: code, MaTTHC: '1.1', TaiLieuNop: [paper] }] }
      const encoded = lgsp.encode({ ...messageOf('dossier.submitted'), payload }, agencyWith())
      if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
      return { parts: encoded.parts, body: Buffer.from(encoded.body).toString() }
    }
    const { parts } = partsOf({ TenTepDinhKem: 'a.pdf', DuongDanTaiTepTin: link })
    expect(parts?.filter((part) => typeof part !== 'string')).to.deep.equal([
      { base64: [{ file: '01930000-0000-7000-8000-0000000000aa' }] },
    ])
    const text = parts?.map((part) => (typeof part === 'string' ? part : 'QUJD')).join('') ?? ''
    expect((JSON.parse(text) as Payload)['Attachments']).to.deep.equal([
      { AttachmentName: 'a.pdf', Base64: 'QUJD' },
    ])
    const elsewhere = 'https://motcua.example.vn/tep/1'
    expect(partsOf({ DuongDanTaiTepTin: elsewhere }).body).to.contain(`"DuongDanTaiTepTin":"${elsewhere}"`)
    expect(partsOf({ Base64: link }).parts, 'a link that intake has not judged').to.equal(undefined)
  })
})
