import { expect } from 'chai'
import fc from 'fast-check'
import { facade } from '../../adapters/agencies/facade/index.ts'
import type { Trusted } from '../../adapters/agencies/dialect.ts'
import { readState, writeState } from '../../adapters/agencies/dossiers/promotions.ts'
import type { Payload } from '../../schemas/message.ts'
import { messageOf } from '../contracts/dialect.ts'
import { envelopeScene, type EnvelopeAnswer } from '../support/adapter-envelope.ts'
import { eventually } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { playPortal, portalPassword } from '../support/portal.ts'
import { withSink } from '../support/sink.ts'

const code = 'H49.05-261121-0007'

const supplement = {
  MaHoSoQG: code,
  ThongTinDaNop: { MaHoSoQGDNP: code, TenChuongTrinhKhuyenMai: 'Tri ân' },
  ThongTinSuaDoi: { TenChuongTrinhKhuyenMai: 'Tri ân khách hàng' },
  ...{ LyDoDieuChinh: 'Sai tên', TenTepDangKy: 'don.pdf', URLTepDangKy: 'https://cong.example.vn/tep/7' },
}

const state = (more: Payload = {}): Payload => ({
  ...{ MaHoSo: code, MaHoSoDonVi: 'KM-7', TrangThai: '11', NoiDung: 'Không đúng mẫu' },
  ...{ NgayXuLy: '20261121153000', TaiLieuXuLy: [{ TenTepDinhKem: 'tra-loi.pdf' }], ...more },
})

const call = (data: Payload) => ({ service: 'AddBSTBKM', isUpdating: 'False', data })

describe('promotions between the portal and an agency [dvcqg §10]', () => {
  it('a supplement of the portal reaches the address of the agency whose dossier it is, once, in the same form', () =>
    withSink((sink) =>
      withSink((agencySink) => {
        const { core } = playPortal(sink)
        agencySink.answer(() => ({ status: 200, body: '{"status":200,"message":"OK"}' }))
        const options = { supplementUrl: `${agencySink.url}/AddBSTBKM` }
        return envelopeScene(
          options,
          async ({ lent, post }) => {
            const path = '/VXPAdapter/RestService/forward/AddBSTBKM'
            const say = async (body: Payload, key: string | null = core.apiKey) => {
              const given = { type: 'application/json', bytes: JSON.stringify(body) }
              return (await lent.call(key, 'POST', path, given)).json as unknown as EnvelopeAnswer
            }
            for (const time of [1, 2])
              expect(await say(call(supplement)), `time ${time}`).to.include({ error_code: 0 })
            expect(await say(call({ ...supplement, MaHoSoQG: '' }))).to.include({ error_code: 400 })
            expect(await say(call(supplement), null), 'nobody').to.include({ error_code: 401 })
            expect(JSON.parse((await post(path, '{}')).text)).to.include({ error_code: 401 })
            const sent = await eventually('the supplement', async () => agencySink.requests[0])
            expect(sent.path).to.match(/\/AddBSTBKM$/)
            expect(JSON.parse(sent.body.toString())).to.deep.equal(call(supplement))
            expect(agencySink.requests).to.have.length(1)
          },
          { core, corePassword: portalPassword },
        )
      }),
    ))

  it('a dossier of the portal, or a notice, reaches the address that the agency named by dstcode has for it', () =>
    withSink((sink) =>
      withSink((agencySink) => {
        const { core } = playPortal(sink)
        agencySink.answer(() => ({ status: 200, body: '{"error_code":0,"message":"OK"}' }))
        const options = {
          ...{ url: `${agencySink.url}/nhanhsdvcqg`, promotionUrl: `${agencySink.url}/addtthcKhuyenMai` },
          promotionProcedures: ['2.000033'],
        }
        const common = { TenThuongNhan: 'Công ty Mẫu', MaSoThue: '0100000001' }
        const notice = { MaHoSo: 'G22.99-261121-0001', MaTTHC: '2.000033', ...common }
        const dossier = { MaHoSo: 'G22.99-261121-0002', MaTTHC: '1.009901', ChuHoSo: 'Phạm Thị Mẫu' }
        return envelopeScene(
          options,
          async ({ lent }) => {
            const say = async (word: string, body: Payload, headers = {}) => {
              const given = { type: 'application/json', bytes: JSON.stringify(body), headers }
              const path = `/XrdAdapter/RestService/forward/${word}`
              return (await lent.call(core.apiKey, 'POST', path, given)).json as unknown as EnvelopeAnswer
            }
            const dstcode = 'VN:GOV:000.00.00.H49:motcua'
            for (const time of [1, 2])
              expect(await say('addtthcKhuyenMai', notice, { dstcode }), `time ${time}`).to.include({
                error_code: 0,
              })
            const other = await say('addtthcKhuyenMai', { ...notice, MaSoThue: '0100000002' }, { dstcode })
            expect(other).to.include({ error_code: 409 })
            expect(await say(`nhanhsdvcqg?dstcode=${dstcode}`, dossier)).to.include({ error_code: 0 })
            const bare = `NHANHSDVCQG?${encodeURIComponent(dstcode)}&${encodeURIComponent('http://10.0.0.1')}`
            expect(await say(bare, { data: [dossier] })).to.include({ error_code: 0 })
            expect(await say('nhanhsdvcqg', dossier)).to.include({ error_code: 400 })
            expect(await say('nhanhsdvcqg?dstcode=VN:GOV:Z99:x', dossier)).to.include({ error_code: 422 })
            const sent = await eventually(
              'both',
              async () => agencySink.requests.length >= 2 && agencySink.requests,
            )
            const told = sent.map(({ path, body }) => [
              path.split('/').at(-1),
              JSON.parse(body.toString()) as Payload,
            ])
            expect(told).to.have.deep.members([
              ['addtthcKhuyenMai', notice],
              ['nhanhsdvcqg', dossier],
            ])
          },
          { core, corePassword: portalPassword },
        )
      }),
    ))

  it('a state of the agency reaches the portal by its own service, a refusal as 11', () =>
    withSink((sink) => {
      const played = playPortal(sink)
      return envelopeScene(
        {},
        async ({ service }) => {
          const told = { type: 2, data: [state({ TrangThai: 3 })] }
          for (const time of [1, 2])
            expect(await service('DongBoTrangThaiHoSo', told), `time ${time}`).to.include({ error_code: 0 })
          expect(await service('DongBoTrangThaiHoSo', { ...told, type: '1' })).to.include({ error_code: 400 })
          const [sent] = await eventually('the state', async () => {
            const calls = played.calls().filter((each) => each['service'] === 'DongBoTrangThaiHoSo')
            return calls.length > 0 && calls
          })
          expect(sent).to.deep.include({ madonvi: 'H49', type: '2', data: [state()] })
          expect((await service('TraCuuHoSo', { mahoso: code })).result).to.deep.equal([
            { MaHoSo: code, TrangThaiHoSo: '3' },
          ])
          expect(played.calls().filter((each) => each['service'] === 'CapNhatTienDoHoSoMC')).to.deep.equal([])
        },
        { core: played.core, corePassword: portalPassword },
      )
    }))

  it('a state is read as it is written, whatever else it says', () => {
    const text = fc.string({ minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.constantFrom('2', '4', '9', '10', '11'), text, text, (TrangThai, NoiDung, GhiChu) => {
        const row = state({ TrangThai, NoiDung, GhiChu })
        expect(writeState(readState(row))).to.deep.equal(row)
      }),
    )
  })
})

describe('promotions at a façade [dvcqg §10]', () => {
  const base = 'https://facade.example.vn/KetNoiMotCuaQuocGia'
  const { agency } = createParty({ code: 'H49', dialect: 'facade', options: { url: base } })
  const decoded = (path: string, body: Payload) => {
    const request = { method: 'POST', path, query: {}, headers: {}, body: Buffer.from(JSON.stringify(body)) }
    return facade.decode(request, agency) as readonly Trusted[]
  }
  const sent = async (
    action: 'status.updated' | 'dossier.supplemented',
    data: readonly Payload[],
    said: string,
  ) => {
    const message = { ...messageOf(action), payload: { data } }
    const encoded = facade.encode(message, agency)
    if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
    const calls: { url: string; body: unknown }[] = []
    const { kind } = await facade.send(
      { message, deliveryId: 'd', encoded },
      agency,
      {
        post: ({ url, body }) => {
          calls.push({ url, body: JSON.parse(Buffer.from(body).toString()) })
          return Promise.resolve({ status: 200, headers: {}, body: Buffer.from(said) })
        },
      },
      { secrets: () => [], privateKey: () => undefined },
    )
    return { kind, calls }
  }

  it('are taken as one object, or inside the form of the adapter', () => {
    const [step] = decoded('/KetNoiMotCuaQuocGia/DongBoTrangThaiHoSoKM', state())
    expect(step?.header).to.include({ sender: 'H49', action: 'status.updated' })
    expect(step?.payload['data']).to.deep.equal([readState(state())])
    const [known] = decoded('/facade/AddBSTBKM', call(supplement))
    expect(known?.header.action).to.equal('dossier.supplemented')
    const { MaHoSoQG: MaHoSo, ...rest } = supplement
    expect(known?.payload['data']).to.deep.equal([{ MaHoSo, ...rest }])
  })

  it('are told by its own addresses, one to a call, and any other step as before', async () => {
    const done = await sent('status.updated', [readState(state())], 'Cập nhật thành công')
    expect(done).to.deep.equal({
      kind: 'delivered',
      calls: [{ url: `${base}/DongBoTrangThaiHoSoKM`, body: state() }],
    })
    const [row = {}] = decoded('/facade/AddBSTBKM', call(supplement))[0]?.payload[
      'data'
    ] as readonly Payload[]
    const supplemented = await sent(
      'dossier.supplemented',
      [row],
      '{"error_code":"0","message":"Thành công"}',
    )
    expect(supplemented).to.deep.equal({
      kind: 'delivered',
      calls: [{ url: `${base}/AddBSTBKM`, body: call(supplement) }],
    })
    const other = { MaHoSo: code, TrangThai: '3', NoiDungXuLy: 'Không tiếp nhận' }
    expect((await sent('status.updated', [other], 'thành công')).calls).to.deep.equal([
      { url: `${base}/DongBoTienTrinh`, body: [other] },
    ])
    expect(
      facade.encode({ ...messageOf('dossier.supplemented'), payload: { data: [other] } }, agency).kind,
    ).to.equal('unsupported')
  })
})
