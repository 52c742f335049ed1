import { expect } from 'chai'
import fc from 'fast-check'
import { adapterEnvelope } from '../../../adapters/agencies/adapter-envelope/index.ts'
import type { Transport, Trusted } from '../../../adapters/agencies/dialect.ts'
import { tokenRest } from '../../../adapters/agencies/token-rest/index.ts'
import type { ActionName } from '../../../schemas/actions.ts'
import type { Agency } from '../../../schemas/agency.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { parsePayload } from '../../../schemas/parse.ts'
import { messageOf } from '../../contracts/dialect.ts'
import { samplePayload } from '../../support/payloads.ts'
import { tokenRestCreate, tokenRestState, tokenRestStep } from '../../support/samples/token-rest.ts'
import { withoutEmpty } from '../../support/without-empty.ts'

const agencyWith = (options: Agency['options'] = {}): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'token-rest' },
  options: { url: 'https://motcua.example.vn/api', clientId: 'truc', ...options },
})

function decode(call: string, body: Json, options: Agency['options'] = {}): readonly Trusted[] {
  const request = {
    ...{ method: 'POST', path: `/token-rest/${call}`, query: {}, headers: {} },
    body: Buffer.from(JSON.stringify(body)),
  }
  return tokenRest.decode(request, agencyWith(options)) as readonly Trusted[]
}

const dossierIn = (body: Payload, options: Agency['options'] = {}): Payload =>
  (decode('NoiHoSo', body, options)[0]?.payload['data'] as readonly Payload[])[0] ?? {}

function encode(action: ActionName, payload: Payload, options: Agency['options'] = {}): Json {
  const encoded = tokenRest.encode({ ...messageOf(action), payload }, agencyWith(options))
  return encoded.kind === 'encoded'
    ? (JSON.parse(Buffer.from(encoded.body).toString()) as Json)
    : `unsupported: ${encoded.reason}`
}

const code = 'G09.20-20261121-0092637'
const id = '01930000-0000-7000-8000-0000000000aa'
const digest = 'ab'.repeat(32)

describe('the token REST of 2026', () => {
  it('decodes the dossier that it has encoded, but for fields that say nothing', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.constantFrom('1', '2', '4'), (n, LoaiDoiTuong) => {
        const [row = {}] = samplePayload('dossier.submitted', n)['data'] as readonly Payload[]
        const payload = { data: [{ ...row, LoaiDoiTuong, MaDonVi: 'H49.05' }] }
        const wire = encode('dossier.submitted', payload)
        expect(decode('NoiHoSo', wire)[0]?.payload).to.deep.equal(withoutEmpty(payload))
      }),
    )
  })

  it('decodes the steps and states that it has encoded', () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.boolean(), (n, isStep) => {
        const [row = {}] = samplePayload('status.updated', n)['data'] as readonly Payload[]
        const payload = { data: [isStep ? row : { ...row, ThoiDiemXuLy: '' }] }
        const call = isStep ? 'CapNhatTienTrinh' : 'CapNhatTrangThai'
        const [content] = decode(call, encode('status.updated', payload))
        expect(content?.payload).to.deep.equal(withoutEmpty(payload))
        expect(content?.header.action).to.equal('status.updated')
      }),
    )
  })

  it('makes the same message of a dossier as the adapter envelope does', () => {
    const national = {
      ...{ MaHoSo: code, MaTTHC: '1.009901', ChuHoSo: 'Phạm Thị Mẫu', LoaiDoiTuong: '1', MaDonVi: 'G09.20' },
      ...{ NgayNopHoSo: '20261121081500', NgayTiepNhan: '20261121083000', SoDienThoai: '0900000101' },
      ...{ SoGiayToChuHoSo: '022099000123', Email: 'mau@example.vn' },
      TaiLieuNop: [
        {
          ...{ TepDinhKemId: id, TenTepDinhKem: 'don.pdf', MaThanhPhanHoSo: 'KQ000001' },
          DuongDanTaiTepTin: `/v1/files/${id}?sha256=${digest}`,
        },
      ],
    }
    const pushed = { service: 'DongBoHoSoMC', isUpdating: 'False', data: [national] }
    const request = {
      ...{ method: 'POST', path: '/adapter/g', query: {}, headers: {} },
      body: Buffer.from(JSON.stringify(pushed)),
    }
    const [first] = adapterEnvelope.decode(request, { ...agencyWith(), options: {} }) as readonly Trusted[]
    const paper = { IdGiayTo: id, TenGiayTo: 'don.pdf', HashTepTin: digest.toUpperCase() }
    const [second] = decode('NoiHoSo', {
      ...{ MaHoSo: code, MaTTHC: '1.009901', ChuHoSo: 'Phạm Thị Mẫu', LoaiDoiTuong: 0 },
      ...{ MaDonViTiepNhan: 'G09.20', NgayNop: '2026-11-21 08:15:00', NgayTiepNhan: '2026-11-21 08:30:00' },
      ThanhPhanHoSo: [{ MaThanhPhanHoSo: 'KQ000001', GiayToDinhKem: [paper] }],
      ThongTinNguoiNop: {
        ThongTinChiTiet: {
          SoDienThoai: '0900000101',
          Email: 'mau@example.vn',
          SoDinhDanhChuHs: '022099000123',
        },
      },
    })
    expect({ ...second, original: null }).to.deep.equal({ ...first, original: null })
  })

  it('is delivered as the adapter envelope, and delivers what came as that', () => {
    const row = dossierIn(tokenRestCreate(code))
    const out = adapterEnvelope.encode(
      { ...messageOf('dossier.submitted'), payload: { data: [row] } },
      { ...agencyWith(), options: { url: 'https://nhan.example.vn/nhanhsdvcqg' } },
    )
    if (out.kind === 'unsupported') throw new Error(out.reason)
    const posted = JSON.parse(Buffer.from(out.body).toString()) as Payload
    expect(posted).to.deep.equal(row)
    const request = {
      ...{ method: 'POST', path: '/adapter/g', query: {}, headers: {} },
      body: Buffer.from(JSON.stringify({ service: 'DongBoHoSoMC', isUpdating: 'False', data: [posted] })),
    }
    const [content] = adapterEnvelope.decode(request, { ...agencyWith(), options: {} }) as readonly Trusted[]
    const given = tokenRestCreate(code)
    expect(encode('dossier.submitted', content?.payload ?? {})).to.deep.include({
      ...{ MaHoSo: code, LoaiDoiTuong: 0, NgayNop: '2026-11-21 08:15:00', MaDonViTiepNhan: 'H49.05' },
      ThongTinNguoiNop: given['ThongTinNguoiNop'],
    })
  })

  it('knows that LoaiDoiTuong 0 is a citizen here and 1 elsewhere (trap 4)', () => {
    expect(dossierIn(tokenRestCreate(code))).to.include({ LoaiDoiTuong: '1' })
    expect(dossierIn(tokenRestCreate(code, { LoaiDoiTuong: '2' }))).to.include({ LoaiDoiTuong: '4' })
    expect(() => dossierIn(tokenRestCreate(code, { LoaiDoiTuong: 3 }))).to.throw('not one of 0, 1, 2')
    const persons = { '0': '1', '1': '2', '2': '4', '3': '3' }
    expect(dossierIn(tokenRestCreate(code, { LoaiDoiTuong: 3 }), { persons })).to.include({
      LoaiDoiTuong: '3',
    })
    const agency = { data: [{ MaHoSo: code, MaTTHC: '1.1', LoaiDoiTuong: '3' }] }
    expect(encode('dossier.submitted', agency)).to.contain('unsupported')
    expect(encode('dossier.submitted', agency, { persons })).to.include({ LoaiDoiTuong: 3 })
  })

  it('carries a code of 2026 (trap 10), whole numbers and text alike, and dates in every form', () => {
    const row = dossierIn({
      ...{ mahoso: code, MATTHC: '1.009901', loaidoituong: '0', NgayNop: '2026-11-21T01:15:00.000Z' },
      NgayTiepNhan: '21/11/2026',
    })
    expect(row).to.deep.equal({
      ...{ MaHoSo: code, MaTTHC: '1.009901', LoaiDoiTuong: '1' },
      ...{ NgayNopHoSo: '20261121081500', NgayTiepNhan: '20261121000000' },
    })
    expect(parsePayload('dossier.submitted', { data: [row] }).flags.join()).not.to.contain('MaHoSo')
  })

  it('keeps the electronic form, the submitter and every field that it does not know', () => {
    const given = tokenRestCreate(code, { TruongRieng: { a: [null, 1] } })
    const row = dossierIn(given)
    expect(row).to.deep.include({
      ...{ EformThongTinChiTiet: { LyDo: 'mất', SoLan: 2 }, MaDichVuCong: '1.009901.01' },
      ...{ TruongRieng: { a: [null, 1] }, MaDoiTuong: '3f0c7c1e-0000-4000-8000-000000000001' },
    })
    expect(row['ThongTinNguoiNop']).to.deep.include({ LoaiDoiTuong: '0' })
    expect(encode('dossier.submitted', { data: [row] })).to.deep.equal({
      ...given,
      ThanhPhanHoSo: (given['ThanhPhanHoSo'] as readonly Payload[]).map((each) => ({
        GiayToDinhKem: [],
        ...each,
      })),
    })
  })

  it('refuses a field that comes twice, under its old and its new name, with different values', () => {
    expect(() => dossierIn(tokenRestCreate(code, { SoDienThoai: '0911111111' }))).to.throw('is given twice')
    expect(dossierIn(tokenRestCreate(code, { SoDienThoai: '0900000101' }))).to.include({
      SoDienThoai: '0900000101',
    })
  })

  it('leaves a paper that was not uploaded here as it is', () => {
    const paper = { IdGiayTo: 'KHO-1', TenGiayTo: 'a.pdf', HashTepTin: 'md5:00' }
    const row = dossierIn(tokenRestCreate(code, { ThanhPhanHoSo: [{ GiayToDinhKem: [paper] }] }))
    expect(row['TaiLieuNop']).to.deep.equal([
      { TepDinhKemId: 'KHO-1', TenTepDinhKem: 'a.pdf', HashTepTin: 'md5:00' },
    ])
  })

  it('takes a step for the same as the adapter envelope does, without the id that we gave', () => {
    const [step] = decode('CapNhatTienTrinh', [tokenRestStep(code)])
    expect(step).to.deep.include({
      naturalKey: ['progress', code, '20261121100000', '4', 'Trần Văn Thử', 'Thẩm định hồ sơ'],
      payload: {
        data: [
          {
            ...{ MaHoSo: code, NguoiXuLy: 'Trần Văn Thử', ThoiDiemXuLy: '20261121100000' },
            ...{ NoiDungXuLy: 'Thẩm định hồ sơ', TrangThai: '4' },
          },
        ],
      },
    })
  })

  it('takes a state for a message of its own, a repeat only of the last', () => {
    const [state] = decode('CapNhatTrangThai', [tokenRestState(code)])
    expect(state).to.deep.include({ naturalKey: ['state', code] })
    expect((state?.payload['data'] as readonly Payload[])[0]).to.include({
      TrangThai: '9',
      NoiDungYKien: 'Đồng ý',
    })
  })

  it('tells a known dossier by its state, with results only for 5, 6 and 9', () => {
    const results = [{ TenGiayTo: 'a.pdf' }]
    const update = (TrangThaiHoSo: string, more: Payload = {}) =>
      encode('dossier.updated', { data: [{ MaHoSo: code, TrangThaiHoSo, ...more }] })
    expect(update('4')).to.deep.equal([{ MaHoSo: code, TrangThai: 4 }])
    expect(update('9', { DanhSachGiayToKetQua: results })).to.deep.equal([
      { MaHoSo: code, TrangThai: 9, DanhSachGiayToKetQua: results },
    ])
    expect(update('10', { DanhSachGiayToKetQua: results })).to.contain('unsupported')
    expect(update('')).to.contain('unsupported')
  })

  it('says what it cannot carry', () => {
    const row = { MaHoSo: code, MaTTHC: '1.1' }
    expect(encode('dossier.submitted', { data: [row, row] })).to.contain('one dossier')
    expect(encode('payment.result', samplePayload('payment.result', 1))).to.contain('does not carry')
    const mixed = [
      { MaHoSo: code, TrangThai: '4' },
      { MaHoSo: code, TrangThai: '4', ThoiDiemXuLy: '20261121' },
    ]
    expect(encode('status.updated', { data: mixed })).to.contain('different calls')
    expect(tokenRest.encode(messageOf('dossier.submitted'), { ...agencyWith(), options: {} }).kind).to.equal(
      'unsupported',
    )
  })

  it('calls the API of an agency by its own paths, and reads what it says', async () => {
    const answers: [number, string, string][] = [
      [200, '{"code":200,"message":"ok","data":{}}', 'delivered'],
      [200, '{"code":"00"}', 'delivered'],
      [200, '{"code":99,"message":"Hồ sơ đã tồn tại"}', 'delivered'],
      [200, '{"code":99,"message":"Sai mã"}', 'refused'],
      [200, '{"code":502,"message":"x"}', 'retry'],
      [200, '', 'delivered'],
      [200, '<html>', 'in_doubt'],
      [409, '<html>', 'delivered'],
      [400, '{"code":400,"message":"Mã hồ sơ đã tồn tại"}', 'delivered'],
      [400, '{"code":400,"message":"Thiếu trường"}', 'refused'],
      [403, '{"code":403}', 'fault'],
      [502, '', 'retry'],
    ]
    for (const [index, [status, body, kind]] of answers.entries()) {
      const called: string[] = []
      const transport: Transport = {
        async post({ url, headers }) {
          called.push(`${url} ${headers['authorization'] ?? ''}`.trim())
          const given = '{"access_token":"the","token_type":"Bearer","expires_in":3600,"scope":""}'
          const isToken = url.includes('/oauth')
          return { status: isToken ? 200 : status, headers: {}, body: Buffer.from(isToken ? given : body) }
        },
      }
      const base = `https://h${index}.example.vn/api/`
      const options = { url: base, tokenUrl: `${base}oauth`, paths: { create: '/v2/NoiHoSo' } }
      const agency = agencyWith(options)
      const message = {
        ...messageOf('dossier.submitted'),
        payload: { data: [{ MaHoSo: code, MaTTHC: '1.1' }] },
      }
      const encoded = tokenRest.encode(message, agency)
      if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
      const keys = { secrets: () => ['bí mật'], privateKey: () => undefined }
      const outcome = await tokenRest.send({ message, deliveryId: 'd', encoded }, agency, transport, keys)
      expect(outcome.kind, body).to.equal(kind)
      expect(called).to.deep.equal([`${base}oauth`, `${base}v2/NoiHoSo Bearer the`])
    }
  })

  it("asks for TLS, or for the word that the line is the state's own", () => {
    const accepts = (options: object) => tokenRest.options.safeParse(options).success
    expect(accepts({ url: 'http://motcua.example.vn' })).to.equal(false)
    expect(accepts({ url: 'https://a.example.vn', tokenUrl: 'http://b.example.vn' })).to.equal(false)
    expect(accepts({ url: 'http://10.1.2.3/api', privateLine: true })).to.equal(true)
  })
})
