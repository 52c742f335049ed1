import { expect } from 'chai'
import { envelopeScene as scene, ministry, portal } from '../support/adapter-envelope.ts'
import { envelopeOf } from '../support/parties.ts'

const asked = {
  ...{ MaThamChieu: 'AP-2026-0001', MaHoSo: 'H49.05-261121-0001', SoTien: '300000' },
  ThongTinBienLai: {
    ...{ SoQD: '12/TB-TA', NgayQD: '20261120', TenCoQuanQD: 'Tòa án Thử nghiệm', MaDonVi: 'C01' },
    ...{ TKThuHuong: '0000000001', HoTenNguoiNop: 'Phạm Thị Mẫu', TinhNguoiNop: 'Quảng Ninh' },
  },
}

describe('a court fee over HTTP', () => {
  it('is found by the code of its notice, and answered with -1 where there is none [dvcqg §9.4]', () =>
    scene({}, async ({ lent, service }) => {
      const bytes = await envelopeOf(portal, 'payment.requested', asked)
      const taken = await lent.call(portal.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
      expect(taken.status, taken.text).to.equal(202)
      const answer = await service('TraCuuAnPhi', { MA_THONGBAO: 'AP-2026-0001' })
      expect(answer).to.include({ error_code: 0 })
      const [{ MATRACUUTT, ...notice } = {}] = answer.result
      expect(MATRACUUTT).to.match(/^AP-2026-0001-\d{12}$/)
      expect(notice).to.deep.equal({
        ...{ MALOAIHINHTHU: '', TENLOAIHINHTHU: '', SOTAIKHOANKB: '0000000001', MAKHOBAC: '', TENKHOBAC: '' },
        ...{ MACHICUC: 'C01', TENCHICUC: '', NGAYTHONGBAO: '20261120', SOTHONGBAO: '12/TB-TA' },
        ...{ TENTOATHONGBAO: 'Tòa án Thử nghiệm', HOTENNGUOINOP: 'Phạm Thị Mẫu', SOCMNDNGUOINOP: '' },
        ...{ DIACHINGUOINOP: '', HUYENNGUOINOP: '', TINHNGUOINOP: 'Quảng Ninh', TONGTIEN: '300000' },
      })
      const none = await service('TraCuuAnPhi', { MA_THONGBAO: 'AP-2026-0002' })
      expect(none).to.deep.include({ error_code: -1, result: [] })
    }))

  it('is not found by a body that is no party of it', () =>
    scene({}, async ({ lent, service }) => {
      const foreign = { ...asked, MaHoSo: 'G03.05-261121-0001' }
      const bytes = await envelopeOf(ministry, 'payment.requested', foreign)
      const taken = await lent.call(ministry.apiKey, 'POST', '/v1/messages', {
        ...{ type: 'application/xml', bytes },
      })
      expect(taken.status, taken.text).to.equal(202)
      const none = await service('TraCuuAnPhi', { MA_THONGBAO: 'AP-2026-0001' })
      expect(none).to.deep.include({ error_code: -1, result: [] })
    }))
})
