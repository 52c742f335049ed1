import { expect } from 'chai'
import { actions } from '../../schemas/actions.ts'
import type { ActionName } from '../../schemas/actions.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { samplePayload } from '../support/payloads.ts'
import { faultOf } from './faults.ts'

const names = Object.keys(actions) as readonly ActionName[]
const submitted = samplePayload('dossier.submitted', 1)
const [dossier] = submitted['data'] as readonly Record<string, unknown>[]
const batch = (...rows: readonly Record<string, unknown>[]) => ({
  data: rows.map((row) => ({ ...dossier, ...row })),
})

describe('parse', () => {
  for (const name of names)
    it(`takes ${name} as it is, without a flag`, () => {
      const payload = samplePayload(name, 42)
      const before = structuredClone(payload)
      const parsed = parsePayload(name, payload)
      expect(parsed.payload).to.equal(payload)
      expect(payload).to.deep.equal(before)
      expect(parsed).to.include({
        action: name,
        row: actions[name],
        subjectKey: actions[name].orderKey(payload),
      })
      expect(parsed.flags).to.deep.equal([])
    })

  it('does not know an action outside the table', () => {
    for (const name of ['', 'dossier', 'dossier.deleted', 'Dossier.submitted', 'constructor'])
      expect(faultOf(name, submitted)).to.include({ code: 'unknown_action', field: 'action' })
  })

  it('refuses a payload that is no object', () => {
    for (const payload of [null, undefined, 'data', 7, true, [], [submitted], new Date(0), new Map()])
      expect(faultOf('dossier.submitted', payload)).to.include({ code: 'invalid_field', field: 'payload' })
  })
})

describe('path and reason', () => {
  const faults: readonly (readonly [ActionName, unknown, string, string])[] = [
    [
      'dossier.submitted',
      batch({}, {}, {}, { NgayTiepNhan: '20260230000000' }),
      'data[3].NgayTiepNhan',
      'not a date yyyyMMddHHmmss',
    ],
    [
      'dossier.submitted',
      batch({ TrangThaiHoSo: 'đang xử lý' }),
      'data[0].TrangThaiHoSo',
      'not a code of digits',
    ],
    ['dossier.submitted', batch({ TrangThaiHoSo: true }), 'data[0].TrangThaiHoSo', 'not a code of digits'],
    ['dossier.submitted', batch({ TrangThaiHoSo: [2] }), 'data[0].TrangThaiHoSo', 'not a code of digits'],
    ['dossier.submitted', batch({ TenTTHC: { vi: 'x' } }), 'data[0].TenTTHC', 'not text'],
    [
      'dossier.submitted',
      batch({ ChuHoSo: 'a'.repeat(4001) }),
      'data[0].ChuHoSo',
      'longer than 4000 characters',
    ],
    [
      'dossier.submitted',
      batch({ HoSoCoThanhPhanSoHoa: 'có' }),
      'data[0].HoSoCoThanhPhanSoHoa',
      'not True, False, 0 or 1',
    ],
    ['dossier.submitted', batch({ TaiLieuNop: {} }), 'data[0].TaiLieuNop', 'not a list'],
    ['dossier.submitted', batch({ TaiLieuNop: [{}, 7] }), 'data[0].TaiLieuNop[1]', 'not an object'],
    [
      'dossier.submitted',
      batch({ DanhSachLePhi: Array.from({ length: 1001 }, () => ({})) }),
      'data[0].DanhSachLePhi',
      'more than 1000 rows',
    ],
    [
      'dossier.submitted',
      batch({ DanhSachLePhi: [{ Gia: '150.000' }] }),
      'data[0].DanhSachLePhi[0].Gia',
      'not an amount in whole đồng',
    ],
    [
      'dossier.updated',
      batch({ DanhSachTepDinhKemKhac: [{ SoLuong: -1 }] }),
      'data[0].DanhSachTepDinhKemKhac[0].SoLuong',
      'not a whole number',
    ],
    [
      'dossier.updated',
      batch({ DanhSachHoSoBoSung: [{}, { DanhSachLePhiBoSung: [{}, {}, { Gia: 'x' }] }] }),
      'data[0].DanhSachHoSoBoSung[1].DanhSachLePhiBoSung[2].Gia',
      'not an amount in whole đồng',
    ],
    [
      'payment.requested',
      { MaThamChieu: 'A1', ThongTinBienLai: { NgayQD: '32/01/2026' } },
      'ThongTinBienLai.NgayQD',
      'not a date yyyyMMddHHmmss',
    ],
    ['payment.requested', { MaThamChieu: 'A1', ThongTinBienLai: 'x' }, 'ThongTinBienLai', 'not an object'],
    ['payment.result', { MaThamChieu: 'A'.repeat(256) }, 'MaThamChieu', 'longer than 255 characters'],
    ['catalog.changed', { DanhMuc: '1', Ma: 'x', ThaoTac: 'xoa' }, 'ThaoTac', 'not one of them, sua, bai-bo'],
    ['catalog.changed', { DanhMuc: '1', Ma: 'x', NoiDung: 'text' }, 'NoiDung', 'not an object'],
    [
      'statistics.reported',
      { MaDonVi: 'H49', KyBaoCao: '1', TyLeDungHan: 'cao' },
      'TyLeDungHan',
      'not a number',
    ],
  ]
  for (const [action, payload, field, reason] of faults)
    it(`says ${field}: ${reason}`, () => {
      expect(faultOf(action, payload)).to.include({ code: 'invalid_field', field, reason })
    })

  it('tells the first fault only', () => {
    const fault = faultOf('dossier.submitted', batch({ NgayNopHoSo: 'x' }, { NgayNopHoSo: 'y', MaTTHC: '' }))
    expect(fault.field).to.equal('data[0].NgayNopHoSo')
  })
})

describe('tolerance', () => {
  const accepted: Readonly<Record<string, readonly unknown[]>> = {
    NgayTiepNhan: ['20261121083000', 20261121083000, '21/11/2026', '2026-11-21T08:30:00', '', null],
    TrangThaiHoSo: ['2', 2, 10, '10'],
    HoSoCoThanhPhanSoHoa: ['True', 'False', 'true', true, false, '0', '1', 0, 1, '', null],
    DanhSachLePhi: [
      [],
      null,
      '',
      [{ Gia: 150000 }],
      [{ Gia: '150000' }],
      [{ Gia: '150000.00' }],
      [{ Gia: 0 }],
      [{ Gia: null }],
    ],
    DanhSachHoSoBoSung: [
      [{ HoSoBoSungId: 5, TrangThaiBoSung: true, DanhSachGiayToBoSung: null, NgayBoSung: '' }],
    ],
    DanhSachTepDinhKemKhac: [[{ SoLuong: 2, LoaiGiayTo: 1 }], [{ SoLuong: '2', LoaiGiayTo: '1' }]],
    SoDienThoai: ['0900000001', 900000001],
    MaLinhVuc: ['', ' ', ' G03-GD10 ', 7],
    TenTTHC: ['x'.repeat(4000)],
    TrichYeuHoSo: ['ệ'.repeat(20_000)],
  }
  for (const [name, values] of Object.entries(accepted))
    for (const value of values)
      it(`takes ${name} = ${JSON.stringify(value).slice(0, 60)}`, () => {
        const payload = batch({ [name]: value })
        expect(parsePayload('dossier.supplemented', payload).payload).to.equal(payload)
      })

  it('carries unknown fields of any shape, even with odd names', () => {
    const odd = JSON.parse(
      '{"MaHoSo":"H49.05-261121-0001","__proto__":{"x":1},"constructor":"a","toString":"b","X":[[[{"y":null}]]],"":0}',
    ) as Record<string, unknown>
    const payload = { data: [odd], service: 'DongBoHoSoMC', hasOwnProperty: 'c' }
    const before = JSON.stringify(payload)
    expect(parsePayload('dossier.updated', payload).payload).to.equal(payload)
    expect(JSON.stringify(payload)).to.equal(before)
  })
})
