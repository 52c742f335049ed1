import { expect } from 'chai'
import fc from 'fast-check'
import { parsePayload } from '../../schemas/parse.ts'

const empty = fc.constantFrom('', null)
const text = fc.string({ unit: 'grapheme', maxLength: 40 })
const date = fc.oneof(
  empty,
  fc.constantFrom(
    '20261121081500',
    20261121081500,
    '21/11/2026',
    '2026-11-21 08:15:00',
    '2026-11-21T08:15:00.123+07:00',
  ),
)
const state = fc.oneof(empty, fc.nat({ max: 12 }), fc.nat({ max: 12 }).map(String))
const yesNo = fc.constantFrom('True', 'False', true, false, '0', '1', '', null)
const amount = fc.oneof(empty, fc.nat(), fc.nat().map(String))
const someOf = (fields: Record<string, fc.Arbitrary<unknown>>) => fc.record(fields, { requiredKeys: [] })
const rows = (fields: Record<string, fc.Arbitrary<unknown>>) =>
  fc.oneof(empty, fc.array(someOf(fields), { maxLength: 3 }))
const unknown = fc.dictionary(fc.stringMatching(/^x[a-z]{1,8}$/), fc.jsonValue({ maxDepth: 3 }), {
  maxKeys: 4,
})

const attachment = {
  TepDinhKemId: text.filter(isCode),
  TenTepDinhKem: text,
  IsDeleted: yesNo,
  DuocSoHoa: yesNo,
  Khac: text,
}
const fee = { TenPhiLePhi: text, HinhThucThu: state, Gia: amount, Khac: fc.jsonValue({ maxDepth: 2 }) }
const fields = someOf({
  TenTTHC: text,
  ChuHoSo: text,
  TrangThaiHoSo: state,
  KenhThucHien: state,
  NgayTiepNhan: date,
  NgayHenTra: date,
  NgayTra: date,
  HoSoCoThanhPhanSoHoa: yesNo,
  TaiLieuNop: rows(attachment),
  DanhSachLePhi: rows(fee),
  DanhSachHoSoBoSung: rows({ NgayBoSung: date, DanhSachLePhiBoSung: rows(fee), TrangThaiBoSung: yesNo }),
})
const dossier = fc
  .tuple(fields, unknown, fc.stringMatching(/^[A-Z]\d{2}\.\d{2}-\d{6}-\d{4}$/))
  .map(([known, more, MaHoSo]) => ({ ...more, ...known, MaHoSo, MaTTHC: '1.009999' }))

function isCode(value: string): boolean {
  return !/\p{Cc}/u.test(value)
}

describe('any dossier', () => {
  it('of known, missing and unknown fields is taken, and returned untouched', () => {
    fc.assert(
      fc.property(
        dossier,
        fc.constantFrom('dossier.submitted', 'dossier.updated', 'dossier.result'),
        (row, action) => {
          const payload = { data: [row] }
          const before = structuredClone(payload)
          const parsed = parsePayload(action, payload)
          expect(parsed.payload).to.equal(payload)
          expect(payload).to.deep.equal(before)
          expect(parsed.subjectKey).to.equal(row.MaHoSo)
        },
      ),
    )
  })

  it('says the same when it is judged again, and after a journey as JSON', () => {
    fc.assert(
      fc.property(dossier, (row) => {
        const first = parsePayload('dossier.submitted', { data: [row] })
        const { subjectKey, flags } = parsePayload(
          'dossier.submitted',
          JSON.parse(JSON.stringify({ data: [row] })),
        )
        expect({ subjectKey, flags }).to.deep.equal({ subjectKey: first.subjectKey, flags: first.flags })
      }),
    )
  })

  it('keeps its place in the order whatever else changes', () => {
    fc.assert(
      fc.property(dossier, dossier, (one, other) => {
        const later = { ...other, MaHoSo: one.MaHoSo }
        const keys = [{ data: [one] }, { data: [later] }, { data: [one, later] }].map(
          (payload) => parsePayload('dossier.updated', payload).subjectKey,
        )
        expect(new Set(keys)).to.deep.equal(new Set([one.MaHoSo]))
      }),
    )
  })
})
