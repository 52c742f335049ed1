import { expect } from 'chai'
import type { ActionName } from '../../schemas/actions.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { samplePayload } from '../support/payloads.ts'

const flagsOf = (action: ActionName, changes: Record<string, unknown>, n = 3) =>
  parsePayload(action, { ...samplePayload(action, n), ...changes }).flags

function rowFlags(action: ActionName, ...changes: readonly Record<string, unknown>[]): readonly string[] {
  const [row] = samplePayload(action, 3)['data'] as readonly Record<string, unknown>[]
  return parsePayload(action, { data: changes.map((change) => ({ ...row, ...change })) }).flags
}

describe('flags', () => {
  for (const [value, said] of [
    ['11', '11'],
    [11, '11'],
    ['0', '0'],
    ['02', '02'],
    ['', 'empty'],
    [null, 'empty'],
  ] as const) {
    it(`name the dossier state ${JSON.stringify(value)}, which is carried`, () => {
      expect(rowFlags('dossier.submitted', { TrangThaiHoSo: value })).to.deep.equal([
        `data[0].TrangThaiHoSo: ${said}`,
      ])
    })
    it(`name the state ${JSON.stringify(value)} of a step, which is carried`, () => {
      expect(rowFlags('status.updated', {}, {}, { TrangThai: value })).to.deep.equal([
        `data[2].TrangThai: ${said}`,
      ])
    })
  }

  it('name a missing state like an empty one', () => {
    expect(
      parsePayload('status.updated', { data: [{ MaHoSo: 'H49.05-261121-0001', ThoiDiemXuLy: '20261121' }] })
        .flags,
    ).to.deep.equal(['data[0].TrangThai: empty'])
  })

  it('name each oddity once, at its first place', () => {
    const flags = rowFlags('status.updated', { TrangThai: '11' }, { TrangThai: '11' }, { TrangThai: '12' })
    expect(flags).to.deep.equal(['data[0].TrangThai: 11', 'data[2].TrangThai: 12'])
  })

  it('stay few, whatever is sent', () => {
    const fees = Array.from({ length: 1000 }, (_, n) => ({ HinhThucThu: String(100 + n) }))
    expect(rowFlags('dossier.updated', { DanhSachLePhi: fees })).to.have.length(100)
  })

  it('name codes outside their list, deep in the payload', () => {
    expect(
      rowFlags('dossier.updated', { LoaiDoiTuong: '0', DanhSachLePhi: [{}, { HinhThucThu: '3' }] }),
    ).to.deep.equal(['data[0].LoaiDoiTuong: 0', 'data[0].DanhSachLePhi[1].HinhThucThu: 3'])
    expect(flagsOf('account.created', { NhomVaiTro: ['tiep-nhan', 'sep'] })).to.deep.equal([
      'NhomVaiTro[1]: sep',
    ])
    expect(flagsOf('catalog.changed', { DanhMuc: '10' })).to.deep.equal(['DanhMuc: 10'])
    expect(flagsOf('document.status', { StatusCode: '07' })).to.deep.equal(['StatusCode: 07'])
  })

  it('name a dossier code of no usual form, which is carried', () => {
    for (const MaHoSo of ['MC 2026/15', 'h49.05-261121-0001', 15])
      expect(rowFlags('dossier.receipt', { MaHoSo })).to.deep.equal(['data[0].MaHoSo: not the usual form'])
  })

  it('name the facts of money that are missing', () => {
    expect(parsePayload('payment.result', { MaThamChieu: 'A1', SoTien: 0, MaLoi: '00' }).flags).to.deep.equal(
      ['MaGiaoDich: empty', 'ThoiGianGD: empty'],
    )
    expect(flagsOf('payment.result', { MaLoaiGiaoDich: 'PLP', LoaiBanTin: 'KHAC' })).to.deep.equal([
      'MaLoaiGiaoDich: not the usual form',
      'LoaiBanTin: KHAC',
    ])
  })
})

describe('flags of a petition', () => {
  for (const name of [
    'TenNguoiPhanAnh',
    'DiaChi',
    'SoDienThoai',
    'Email',
    'LoaiPAKN',
    'NoiDung',
    'MaDoiTuong',
  ])
    it(`name ${name} when it is missing`, () => {
      for (const empty of ['', null])
        expect(flagsOf('pakn.received', { [name]: empty })).to.deep.equal([`${name}: empty`])
    })

  it('ask no portal account of what came on paper, by telephone or by e-mail', () => {
    for (const NguonPAKN of ['2', '3', 4])
      expect(flagsOf('pakn.received', { NguonPAKN, MaDoiTuong: '' })).to.deep.equal([])
    expect(flagsOf('pakn.received', { NguonPAKN: '', MaDoiTuong: '' })).to.deep.equal(['MaDoiTuong: empty'])
  })

  it('name text that is not Vietnamese, and contacts that cannot be right', () => {
    const NoiDung = 'The counter asks for papers that the portal does not list.'
    expect(flagsOf('pakn.received', { NoiDung })).to.deep.equal(['NoiDung: not in Vietnamese'])
    expect(
      flagsOf('pakn.received', { NoiDung: 'Quầy yêu cầu thêm giấy tờ không niêm yết'.normalize('NFD') }),
    ).to.deep.equal([])
    expect(flagsOf('pakn.received', { Email: 'không có', SoDienThoai: 'x' })).to.have.members([
      'Email: not the usual form',
      'SoDienThoai: not the usual form',
    ])
  })

  it('name states outside the list, and a refusal without its reason', () => {
    expect(flagsOf('pakn.progress', { TrangThai: 5 })).to.deep.equal(['TrangThai: 5'])
    expect(flagsOf('pakn.refused', { LyDo: '' })).to.deep.equal(['LyDo: empty'])
  })

  it('never hold what the citizen wrote', () => {
    expect(
      flagsOf('pakn.received', { Email: 'rieng.tu', NoiDung: 'secret secret secret secret' }).join(),
    ).to.not.match(/rieng|secret/)
  })
})
