import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import {
  account,
  envelopeScene as scene,
  forward,
  ministry,
  portal,
  type EnvelopeAnswer as Answer,
} from '../support/adapter-envelope.ts'
import { eventually } from '../support/gateway.ts'
import { envelopeOf } from '../support/parties.ts'
import { adapterDossier, adapterStep } from '../support/samples/adapter.ts'
import { withSink } from '../support/sink.ts'

const code = 'H49.05-261121-0001'
const dossier = adapterDossier(code)
const create = { isUpdating: 'False', data: [dossier] }

describe('the adapter envelope over HTTP', () => {
  it('goes the way of a real client: look-up, create, look-up, update, progress, and the same again without effect', () =>
    scene({}, async ({ service, received }) => {
      expect(await service('TraCuuHoSo', { mahoso: code })).to.deep.include({ error_code: 0, result: [] })
      expect(await service('DongBoHoSoMC', create)).to.include({ error_code: 0 })
      const [found] = (await service('TraCuuHoSo', { mahoso: code })).result
      expect(found).to.deep.include({
        ...{ MaHoSo: code, TrangThaiHoSo: '2', TenTTHC: dossier['TENTTHC'], MaLinhVuc: 'G03-GD10' },
        NgayHenTra: '20261125000000',
      })
      const update = { isUpdating: 'True', data: { ...dossier, TrangThaiHoSo: 4 } }
      const steps = { data: [adapterStep(code), adapterStep(code, { TrangThai: '9', NoiDungXuLy: 'Xong' })] }
      for (const again of [1, 2]) {
        expect(await service('DongBoHoSoMC', update), `update ${again}`).to.include({ error_code: 0 })
        expect(await service('CapNhatTienDoHoSoMC', steps), `steps ${again}`).to.include({ error_code: 0 })
      }
      expect((await service('TraCuuHoSo', { mahoso: code })).result[0]).to.include({ TrangThaiHoSo: '9' })
      const actions = (await received()).map(({ action }) => action).sort()
      expect(actions).to.deep.equal([
        'dossier.submitted',
        'dossier.updated',
        'status.updated',
        'status.updated',
      ])
    }))

  it('takes the same create again, and tells one with other content that the dossier exists', () =>
    scene({}, async ({ service, received }) => {
      expect(await service('DongBoHoSoMC', create)).to.include({ error_code: 0 })
      expect(await service('DongBoHoSoMC', create)).to.include({ error_code: 0 })
      const other = await service('DongBoHoSoMC', {
        isUpdating: 'False',
        data: [{ ...dossier, ChuHoSo: 'Lê Mẫu' }],
      })
      expect(other).to.include({ error_code: 409, message: `Mã ${code} đã tồn tại` })
      expect(await received()).to.have.lengthOf(1)
    }))

  it('takes a batch whole or not at all, and names the dossier at fault', () =>
    scene({}, async ({ service, received }) => {
      const second = 'H49.05-261121-0002'
      const bad = {
        isUpdating: 'False',
        data: [dossier, adapterDossier(second, { NgayTiepNhan: 'hôm qua' })],
      }
      const refused = await service('DongBoHoSoMC', bad)
      expect(refused).to.include({ error_code: 400 })
      expect(refused.message).to.equal(
        `Mã ${second}: Trường dữ liệu không hợp lệ (NgayTiepNhan: not a date yyyyMMddHHmmss)`,
      )
      expect(await received()).to.have.lengthOf(0)
      expect(
        await service('DongBoHoSoMC', { isUpdating: 'False', data: [adapterDossier(second)] }),
      ).to.include({
        error_code: 0,
      })
      const known = [dossier, adapterDossier(second, { ChuHoSo: 'Người Khác' })]
      const exists = await service('DongBoHoSoMC', { isUpdating: 'False', data: known })
      expect(exists.message).to.equal(`Mã ${second} đã tồn tại`)
      expect((await service('TraCuuHoSo', { mahoso: code })).result, 'nothing of the batch').to.deep.equal([])
    }))

  it('refuses what lacks its key alone; other missing fields are carried', () =>
    scene({}, async ({ service }) => {
      const data = (row: Payload) => ({ isUpdating: 'False', data: [row] })
      expect(await service('DongBoHoSoMC', data({ MaHoSo: code, MaTTHC: '1.009901' }))).to.include({
        error_code: 0,
      })
      expect((await service('DongBoHoSoMC', data({ MaHoSo: 'H49-261121-2' }))).message).to.contain('MaTTHC')
      expect((await service('DongBoHoSoMC', data({ MaTTHC: '1.009901' }))).message).to.contain('MaHoSo')
      for (const data of [[], null, ''])
        expect(await service('DongBoHoSoMC', { isUpdating: 'False', data })).to.include({ error_code: 0 })
    }))

  it('answers a wrong password, an unknown session, an unknown service and no JSON in its own form', () =>
    scene({}, async ({ post, service }) => {
      const fault = async (path: string, body: string) => {
        const { status, text } = await post(path, body)
        expect(status).to.equal(200)
        expect(text).to.match(/^[\x20-\x7e]*$/)
        return JSON.parse(text) as Answer
      }
      const wrong = await fault(`${forward}/login`, JSON.stringify({ username: account, password: 'sai' }))
      expect(wrong).to.include({ error_code: 401, message: 'Sai tên đăng nhập hoặc mật khẩu' })
      const stranger = await fault(`${forward}/g`, JSON.stringify({ session: 'x', service: 'TraCuuHoSo' }))
      expect(stranger['error_code']).to.equal(401)
      expect(stranger.message).to.contain('đăng nhập lại')
      expect(await fault(forward + '/g', 'không phải JSON')).to.include({ error_code: 400 })
      expect(await service('KhongCo')).to.include({ error_code: 404 })
      expect((await service('DongBoHoSoMC', { ...create, madonvi: 'G03' }))['error_code']).to.equal(403)
    }))

  it('ends a session with its day, and not before', () =>
    scene({}, async ({ lent, service }) => {
      lent.clock.pass(23 * 3_600_000)
      expect(await service('TraCuuHoSo', { mahoso: code })).to.include({ error_code: 0 })
      lent.clock.pass(2 * 3_600_000)
      expect(await service('TraCuuHoSo', { mahoso: code })).to.include({ error_code: 401 })
    }))

  it('answers at the newer adapter and at the short path, wherever dstcode stands, and in any case of the keys', () =>
    scene(
      { successCode: '00', escape: false, services: { TraCuu: 'TraCuuHoSo' } },
      async ({ post, session }) => {
        const body = JSON.stringify({
          SESSION: session,
          MaDonVi: '000.00.00.H49',
          Service: 'TraCuu',
          MaHoSo: code,
        })
        for (const path of [
          '/VXPAdapter/RestService/forward/x?dstcode=VN:GOV:000.00.00.G22:vpcpdvcprovider&providerurl=http://x',
          '/VXPAdapter/RestService/forward/a/b?VN%3AGOV%3Ax&https%3A%2F%2Fx',
          '/adapter/g',
        ])
          expect(JSON.parse((await post(path, body)).text)).to.deep.include({
            error_code: '00',
            message: 'Thành công',
          })
      },
    ))

  it('answers 200 with a code to an empty body and to one that is too large [dvcqg §21 trap 3]', () =>
    scene({}, async ({ post }) => {
      const faults = [await post('/adapter/g', ''), await post('/adapter/g', ' '.repeat(3 * 1024 * 1024))]
      expect(faults.map(({ status }) => status)).to.deep.equal([200, 200])
      const codes = faults.map(({ text }) => (JSON.parse(text) as Answer)['error_code'])
      expect(codes).to.deep.equal([401, 413])
    }))

  it('reads another charset where one is named, and a mark before the JSON', () =>
    scene({}, async ({ post, session }) => {
      const json = JSON.stringify({ session, service: 'TraCuuHoSo', mahoso: code })
      const utf16 = Buffer.from(json, 'utf16le')
      const answers = [
        await post('/adapter/g', utf16, 'application/json; charset=utf-16le'),
        await post('/adapter/g', `\ufeff${json}`, 'text/plain'),
      ]
      for (const { text } of answers) expect(JSON.parse(text)).to.include({ error_code: 0 })
    }))

  it('takes the same answers every day and passes them on once [dvcqg §21 trap 7]', () =>
    scene({}, async ({ service, received }) => {
      const answer = {
        ...{ HOIDAPID: '550123', MADONVI: 'H49.05', NGUOITRALOI: 'Lê Thị Thử', NGAYTRALOI: '21/11/2026' },
        NOIDUNGTRALOI: 'Ông/bà nộp hồ sơ trực tuyến tại cổng.',
      }
      for (const day of [1, 2])
        expect(await service('DongBoKetQuaHoiDapGuiTuDVCQG', { data: [answer] }), `day ${day}`).to.include({
          error_code: 0,
        })
      expect((await received()).map(({ action }) => action)).to.deep.equal(['question.answered'])
    }))

  it('reads the shared catalogues, and gives no procedure without a field code [dvcqg §21 trap 13]', () =>
    scene({}, async ({ lent, service }) => {
      const entry = (DanhMuc: string, Ma: string, NoiDung: Payload) => ({
        DanhMuc,
        Ma,
        ThaoTac: 'them',
        NoiDung,
      })
      const way = {
        CACHTHUCTHUCHIEN: [
          { KENH: '2', THOIGIAN: [{ THOIGIANGIAIQUYET: '5', PHILEPHI: [{ SOTIEN: '150000' }] }] },
        ],
      }
      for (const row of [
        entry('1', '1.009905', { TENTTHC: 'Gia hạn', MALINHVUC: 'G03-GD10', TENLINHVUC: 'Lĩnh vực', ...way }),
        entry('1', '1.009906', { TENTTHC: 'Không lĩnh vực' }),
        entry('3', 'G03.11', { MaDonVi: 'G03.11', TenDonVi: 'Vụ Thử nghiệm' }),
        entry('GioiTinh', '1', { TenGioiTinh: 'Nam' }),
      ]) {
        const bytes = await envelopeOf(ministry, 'catalog.changed', row, { recipients: ['G22'] })
        const { status, text } = await lent.call(ministry.apiKey, 'POST', '/v1/messages', {
          type: 'application/xml',
          bytes,
        })
        expect(status, text).to.equal(202)
      }
      expect((await service('LayDanhSachTTHC')).result).to.deep.equal([
        { MATTHC: '1.009905', TENTTHC: 'Gia hạn' },
        { MATTHC: '1.009906', TENTTHC: 'Không lĩnh vực' },
      ])
      expect((await service('LayDanhMucCoQuan')).result[0]).to.deep.equal({
        MADONVI: 'G03.11',
        TENDONVI: 'Vụ Thử nghiệm',
      })
      expect((await service('LayDanhMucGioiTinh')).result[0]).to.include({
        MAGIOITINH: '1',
        TENGIOITINH: 'Nam',
      })
      const [procedure] = (await service('LayThuTuc', { maTTHC: '1.009905.000.00.00.H49' })).result
      expect(procedure).to.deep.include({
        LINHVUCTHUCHIEN: [{ MALINHVUC: 'G03-GD10', TENLINHVUC: 'Lĩnh vực' }],
        CACHTHUCTHUCHIEN: [{ KENH: 2, THOIGIAN: [{ THOIGIANGIAIQUYET: 5, PHILEPHI: [{ SOTIEN: 150000 }] }] }],
      })
      for (const maTTHC of ['1.009906', '9.999999'])
        expect((await service('LayThuTuc', { maTTHC })).result, maTTHC).to.deep.equal([])
    }))

  it('posts a dossier for the agency to its nhanhsdvcqg', () =>
    withSink((sink) =>
      scene({ url: sink.url }, async ({ lent }) => {
        sink.answer(() => ({ status: 200, body: '{"error_code":"0","message":"Thành công"}' }))
        const bytes = await envelopeOf(
          portal,
          'dossier.submitted',
          { data: [dossier] },
          { recipients: ['H49'] },
        )
        const { status } = await lent.call(portal.apiKey, 'POST', '/v1/messages', {
          type: 'application/xml',
          bytes,
        })
        expect(status).to.equal(202)
        const [request] = await eventually(
          'the dossier',
          async () => sink.requests.length > 0 && sink.requests,
        )
        expect(JSON.parse(request?.body.toString() ?? '')).to.deep.equal(dossier)
      }),
    ))
})
