import { expect } from 'chai'
import { GatewayError } from '../../schemas/errors.ts'
import { fileLink, fileLinks } from '../../schemas/file-links.ts'

const digest = 'ab'.repeat(32)
const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const link = (n: number) => fileLink({ id: idOf(n), digest })

describe('links to files', () => {
  it('are found in every national field that holds one, each file once, and nowhere else', () => {
    const payload = {
      data: [
        { MaHoSo: 'H49', TaiLieuNop: [{ DuongDanTaiTepTin: link(1) }, { DuongDanTaiTepTin: link(1) }] },
        { DanhSachGiayToKetQua: [{ DuongDanTepTinKetQua: link(2) }], GhiChu: link(9) },
      ],
      Attachments: [{ Url: `/v1/files/${idOf(3)}`, Digest: digest }],
      UrlBienLai: 'https://nganhang.example.vn/v1/files/1',
    }
    expect(fileLinks(payload)).to.deep.equal([
      { id: idOf(1), digest, field: 'data[0].TaiLieuNop[1].DuongDanTaiTepTin' },
      { id: idOf(2), digest, field: 'data[1].DanhSachGiayToKetQua[0].DuongDanTepTinKetQua' },
      { id: idOf(3), digest, field: 'Attachments[0].Url' },
    ])
  })

  it('name a file and its SHA-256, or are refused by the field', () => {
    for (const bad of ['/v1/files/1', `/v1/files/${idOf(1)}`, `${link(1)}0`, `/v1/files/../${idOf(1)}`])
      expect(() => fileLinks({ a: { Url: bad } }), bad)
        .to.throw(GatewayError)
        .with.include({ code: 'invalid_field', field: 'a.Url' })
  })

  it('are bounded', () => {
    const many = Array.from({ length: 201 }, (_, n) => ({ Url: link(n) }))
    expect(() => fileLinks({ many }))
      .to.throw(GatewayError)
      .with.property('code', 'too_large')
  })
})
