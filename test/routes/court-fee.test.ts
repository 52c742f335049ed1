import { expect } from 'chai'
import { envelopeScene as scene, ministry, portal, type EnvelopeScene } from '../support/adapter-envelope.ts'
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

const code = 'AP-2026-0001'
const paid = {
  ...{
    MA_THONGBAO: code,
    SOTIEN: 300_000,
    TRANGTHAITHANHTOAN: '1',
    SOBIENLAI: 'BL01',
    NGAYBIENLAI: '20261121',
  },
  ...{ URLBIENLAI: '/bienlai/1.pdf', DONVITHUTIEN: 'Chi cục Thử nghiệm', HOTENNGUOINOP: 'Phạm Thị Mẫu' },
}
const courtFeeStates = { 1: 'paid', 0: 'pending', 2: 'failed' }

/** A province that tells of fees, with a notice that the portal has asked to be paid. */
function noticed(options: object, use: (scene: EnvelopeScene) => Promise<void>): Promise<void> {
  return scene({ ...options }, async (lent) => {
    const bytes = await envelopeOf(portal, 'payment.requested', asked)
    const type = 'application/xml'
    const taken = await lent.lent.call(portal.apiKey, 'POST', '/v1/messages', { type, bytes })
    expect(taken.status, taken.text).to.equal(202)
    await use(lent)
  })
}

describe('what became of a court fee', () => {
  it('is told to who asked for it, and is in the ledger, once however often it is said', () =>
    noticed({ courtFeeStates }, async ({ service, lent, received }) => {
      expect(await service('CapNhatAnPhi', { ...paid, TRANGTHAITHANHTOAN: '0' })).to.include({
        error_code: 0,
      })
      expect(await lent.store.findPayment(code, '')).to.include({ state: 'pending', paid: 0 })
      for (const again of [1, 2])
        expect(await service('CapNhatAnPhi', paid), `${again}`).to.deep.include({ error_code: 0, result: [] })
      const inData = { data: [{ ...paid, MA_THONGBAO: '', MATRACUUTT: `${code}-261121090000` }] }
      expect(await service('CapNhatAnPhi', inData)).to.include({ error_code: 0 })
      const payment = await lent.store.findPayment(code, '')
      expect(payment).to.include({ state: 'paid', paid: 300_000, sender: 'G22' })
      expect(payment?.facts.map(({ kind }) => kind)).to.deep.equal(['asked', 'pending', 'paid'])
      const results = (await received()).filter(({ action }) => action === 'payment.result')
      expect(results).to.have.lengthOf(2)
      const [newest] = await lent.store.latestMessages(code, ['payment.result'])
      expect(newest?.message.payload).to.deep.include({
        ...{ MaThamChieu: code, SoTien: '300000', TrangThaiGD: '1', SoChungTu: 'BL01' },
        ...{ UrlBienLai: '/bienlai/1.pdf', DONVITHUTIEN: 'Chi cục Thử nghiệm' },
        ThongTinBienLai: { HoTenNguoiNop: 'Phạm Thị Mẫu' },
      })
    }))

  it('is refused, and calls nothing paid, where no option says what the states mean', () =>
    noticed({}, async ({ service, lent }) => {
      const { error_code, message } = await service('CapNhatAnPhi', paid)
      expect(error_code).to.equal(403)
      expect(message).to.contain('courtFeeStates')
      expect(await lent.store.findPayment(code, '')).to.include({ state: 'asked', paid: 0 })
    }))

  it('is refused in a state that the option does not know, or of two fees at once', () =>
    noticed({ courtFeeStates }, async ({ service, lent }) => {
      for (const fields of [
        { ...paid, TRANGTHAITHANHTOAN: '9' },
        { ...paid, TRANGTHAITHANHTOAN: '' },
        { ...paid, TRANGTHAITHANHTOAN: 'constructor' },
        { ...paid, MA_THONGBAO: '' },
        { data: [paid, paid] },
      ])
        expect(await service('CapNhatAnPhi', fields), JSON.stringify(fields)).to.include({ error_code: 400 })
      expect(await lent.store.findPayment(code, '')).to.include({ state: 'asked' })
    }))

  it('is kept, and answered with -1, where nobody has asked for it', () =>
    noticed({ courtFeeStates }, async ({ service, lent }) => {
      expect(await service('CapNhatAnPhi', { ...paid, MA_THONGBAO: 'AP-KHAC' })).to.include({
        error_code: -1,
      })
      expect(await lent.store.findPayment('AP-KHAC', '')).to.include({ matched: false, paid: 300_000 })
    }))
})
