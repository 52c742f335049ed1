import { expect } from 'chai'
import type { ActionName } from '../../schemas/actions.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { samplePayload } from '../support/payloads.ts'
import { faultOf } from './faults.ts'

const [dossier] = samplePayload('dossier.submitted', 1)['data'] as readonly Record<string, unknown>[]
const batch = (...rows: readonly Record<string, unknown>[]) => ({
  data: rows.map((row) => ({ ...dossier, ...row })),
})
const settled = (...rows: readonly object[]) => ({ data: rows })

describe('key fields', () => {
  const keys: Partial<Record<ActionName, readonly string[]>> = {
    'dossier.submitted': ['data[0].MaHoSo', 'data[0].MaTTHC'],
    'dossier.result-revoked': ['data[0].MaHoSo'],
    'status.updated': ['data[0].MaHoSo'],
    'status.requested': ['data[0].MaHoSo'],
    'payment.result': ['MaThamChieu'],
    'payment.records': ['data[0].MaThamChieu', 'MaThamChieuLo'],
    'pakn.received': ['MaPAKN'],
    'pakn.answered': ['MaPAKN'],
    'catalog.changed': ['DanhMuc', 'Ma'],
    'statistics.reported': ['MaDonVi', 'KyBaoCao'],
    'question.answered': ['data[0].HOIDAPID'],
    'account.locked': ['TaiKhoan'],
    'document.letter': ['DocumentId'],
    'document.status': ['DocumentId'],
  }
  for (const [action, paths] of Object.entries(keys))
    for (const path of paths)
      for (const empty of [undefined, null, '', ' '])
        it(`${action} is refused when ${path} is ${JSON.stringify(empty)}`, () => {
          const payload = structuredClone(samplePayload(action as ActionName, 5)) as Record<string, unknown>
          const [row] = (payload['data'] ?? []) as Record<string, unknown>[]
          const [holder, name] = path.startsWith('data[0].') ? [row!, path.slice(8)] : [payload, path]
          if (empty === undefined) Reflect.deleteProperty(holder, name)
          else holder[name] = empty
          const reason =
            path === 'MaThamChieuLo' ? 'missing: several rows need the reference of their batch' : 'missing'
          expect(faultOf(action, payload)).to.include({ code: 'invalid_field', field: path, reason })
        })

  it('are all that must be there: old field sets are real', () => {
    const least: Partial<Record<ActionName, object>> = {
      'dossier.submitted': { data: [{ MaHoSo: 'H49.05-261121-0001', MaTTHC: '1.009999' }] },
      'dossier.updated': { data: [{ MaHoSo: 'H49.05-261121-0001' }] },
      'status.updated': { data: [{ MaHoSo: 'H49.05-261121-0001' }] },
      'payment.result': { MaThamChieu: 'A1' },
      'payment.settled': { data: [{ MaThamChieu: 'A1' }] },
      'pakn.answered': { MaPAKN: '7' },
      'catalog.changed': { DanhMuc: '10', Ma: 'x' },
      'account.created': { TaiKhoan: 'a' },
      'document.letter': { DocumentId: 'a' },
      'notice.alert': {},
    }
    for (const [action, payload] of Object.entries(least))
      expect(parsePayload(action, payload).payload).to.equal(payload)
  })

  it('may be numbers', () => {
    expect(parsePayload('question.asked', { data: [{ HOIDAPID: 550123 }] }).subjectKey).to.equal('550123')
    expect(parsePayload('pakn.progress', { MaPAKN: 7 }).subjectKey).to.equal('7')
  })

  it('are codes: no objects, no control characters, not without end', () => {
    const reasons: readonly (readonly [unknown, string])[] = [
      [{}, 'not a code'],
      [['H49'], 'not a code'],
      ['H49\n05', 'not a code'],
      ['H'.repeat(201), 'longer than 200 characters'],
    ]
    for (const [MaHoSo, reason] of reasons)
      expect(faultOf('dossier.submitted', batch({ MaHoSo }))).to.include({ field: 'data[0].MaHoSo', reason })
  })

  it('of a revocation say which result', () => {
    const row = { MaHoSo: 'H49.05-261121-0001', LyDo: 'Cấp sai' }
    expect(faultOf('dossier.result-revoked', { data: [row] }).field).to.equal('data[0].MaKetQua')
    for (const name of ['MaKetQua', 'GiayToId', 'DuongDanTepTinKetQua'])
      expect(parsePayload('dossier.result-revoked', { data: [{ ...row, [name]: 'x' }] }).flags).to.deep.equal(
        [],
      )
  })
})

describe('batch', () => {
  it('is a list of 1 to 200 rows', () => {
    const faults: readonly (readonly [unknown, string, string])[] = [
      [{}, 'data', 'missing'],
      [{ data: null }, 'data', 'missing'],
      [{ data: [] }, 'data', 'no rows'],
      [{ data: dossier }, 'data', 'not a list'],
      [{ data: 'x' }, 'data', 'not a list'],
      [{ data: [dossier, 'x'] }, 'data[1]', 'not an object'],
      [{ data: [null] }, 'data[0]', 'not an object'],
      [{ data: Array.from({ length: 201 }, () => dossier) }, 'data', 'more than 200 rows'],
    ]
    for (const [payload, field, reason] of faults)
      expect(faultOf('dossier.submitted', payload)).to.include({ code: 'invalid_field', field, reason })
    const full = { data: Array.from({ length: 200 }, () => dossier) }
    expect(parsePayload('dossier.submitted', full).payload).to.equal(full)
  })

  for (const [action, name] of [
    ['dossier.submitted', 'MaHoSo'],
    ['status.updated', 'MaHoSo'],
    ['status.requested', 'MaHoSo'],
    ['dossier.result-revoked', 'MaHoSo'],
    ['question.answered', 'HOIDAPID'],
  ] as const)
    it(`of ${action} is about one ${name}`, () => {
      const [row] = samplePayload(action, 1)['data'] as readonly Record<string, unknown>[]
      const other = { ...row, [name]: 'H49.05-261121-0777' }
      const reason = `differs from data[0].${name}: send one message per ${name}`
      expect(faultOf(action, { data: [row, other] })).to.include({ field: `data[1].${name}`, reason })
      expect(faultOf(action, { data: [row, row, other] })).to.include({ field: `data[2].${name}`, reason })
      expect(parsePayload(action, { data: [row, row] }).subjectKey).to.equal(String(row![name]))
    })

  it('of settlements may be about many payments, under a reference of its own', () => {
    const rows = [{ MaThamChieu: 'A1' }, { MaThamChieu: 'A2' }]
    expect(faultOf('payment.settled', settled(...rows)).field).to.equal('MaThamChieuLo')
    expect(parsePayload('payment.settled', { MaThamChieuLo: 'L7', data: rows }).subjectKey).to.equal('L7')
    expect(parsePayload('payment.settled', settled({ MaThamChieu: 'A1' })).subjectKey).to.equal('A1')
  })
})
