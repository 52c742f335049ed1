import { expect } from 'chai'
import { codeLists, isKnownCode, isUsualMove, usualMoves } from '../../schemas/codes.ts'
import type { CodeListName } from '../../schemas/codes.ts'

const codesOf = (name: CodeListName) => codeLists[name].map((row) => row.code as string)

describe('code lists', () => {
  const lists: Partial<Record<CodeListName, readonly string[]>> = {
    TrangThaiHoSo: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10'],
    KenhThucHien: ['1', '2', '3'],
    LoaiDoiTuong: ['1', '2', '3', '4'],
    HinhThuc: ['0', '1'],
    NoiNopHoSo: ['1', '2'],
    HinhThucThu: ['1', '2', '4'],
    DuocThanhToanTrucTuyen: ['0', '1', '2', '3'],
    LoaiDinhDanh: ['1', '2'],
    TrangThaiGD: ['1', '3', '4'],
    LoaiBanTin: ['INIT', 'CONFIRM', 'QUERY', 'GET_BILL'],
    DanhMuc: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    StatusCode: ['01', '02', '03', '04', '05', '06', '13', '15', '16'],
  }
  for (const [name, codes] of Object.entries(lists))
    it(`${name} has its codes`, () => expect(codesOf(name as CodeListName)).to.deep.equal(codes))

  it('has the eight role groups', () => expect(codeLists.NhomVaiTro).to.have.length(8))

  it('names every code once, in both languages', () => {
    for (const [name, rows] of Object.entries(codeLists)) {
      expect(new Set(rows.map((row) => row.code)).size, name).to.equal(rows.length)
      for (const row of rows)
        for (const text of [row.code, row.vi, row.en]) expect(text, name).to.not.equal('')
    }
  })

  it('knows the codes of a list and no other', () => {
    expect(isKnownCode('TrangThaiHoSo', '10')).to.equal(true)
    for (const code of ['', '0', '11', '02', ' 2', 'constructor'])
      expect(isKnownCode('TrangThaiHoSo', code), code).to.equal(false)
  })
})

describe('moves of a dossier', () => {
  const usual =
    '1>2 1>3 1>5 1>7 2>4 2>5 2>6 2>7 2>8 2>9 4>5 4>6 4>7 4>8 4>9 5>2 5>4 5>7 5>8 6>4 6>7 6>8 6>9 7>4 7>8 9>10 9>4'

  it('are the usual ones and no other', () => {
    const states = codesOf('TrangThaiHoSo')
    const moves = states.flatMap((from) =>
      states.filter((to) => isUsualMove(from, to)).map((to) => `${from}>${to}`),
    )
    expect(moves.sort()).to.deep.equal(usual.split(' ').sort())
  })

  it('start only from states of the list', () => {
    expect(Object.keys(usualMoves).sort()).to.deep.equal(codesOf('TrangThaiHoSo').sort())
    for (const from of ['', '11', 'constructor', '__proto__']) expect(isUsualMove(from, '2')).to.equal(false)
  })
})
