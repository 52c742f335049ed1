import { expect } from 'chai'
import type { Json, Payload } from '../../schemas/message.ts'
import { base, facadeScene as scene, isTaken, key, ministry, portal } from '../support/facade.ts'
import { eventually } from '../support/gateway.ts'
import { envelopeOf } from '../support/parties.ts'
import { playPortal } from '../support/portal.ts'
import { adapterDossier, adapterStep } from '../support/samples/adapter.ts'
import { withSink } from '../support/sink.ts'

const code = 'H49.05-261121-0001'
const dossier = adapterDossier(code)
describe('the façade over HTTP', () => {
  it('goes the way of a real client: create, create again “đã tồn tại”, then update, progress in chunks, and the same again [dvcqg §21 traps 1, 7]', () =>
    scene({}, async ({ call, received }) => {
      expect(isTaken(await call(`${base}/ThemMoi`, [dossier]))).to.equal(true)
      expect(isTaken(await call(`${base}/ThemMoi`, [dossier])), 'the same create').to.equal(true)
      const changed = [{ ...dossier, TrangThaiHoSo: '4' }]
      const exists = await call(`${base}/ThemMoi`, changed)
      expect(exists).to.include({ status: 200, error_code: '3', message: `Mã ${code} đã tồn tại` })
      expect(exists.message.normalize('NFC')).to.equal(exists.message)
      expect(isTaken(await call(`${base}/CapNhat`, changed))).to.equal(true)
      const steps = [adapterStep(code, { TrangThai: '2' }), adapterStep(code, { TrangThai: '9' })]
      for (const again of [1, 2]) {
        const { text } = await call(`${base}/DongBoTienTrinh`, steps)
        expect(text.toLowerCase(), `steps ${again}`).to.include('thành công')
      }
      expect(await received()).to.deep.equal([
        ...['dossier.submitted', 'dossier.updated', 'status.updated', 'status.updated'],
      ])
    }))

  it('takes a push under the query of a controller: MaDinhDanhDV, isUpdating', () =>
    scene({}, async ({ lent, call, received }) => {
      const path = `${base}/SynsTTHCC/DongBoHoSoMC?MaDinhDanhDV=000.00.01.H49&isUpdating=False`
      expect(
        isTaken(await call(path, [adapterDossier(code, { MaTTHC: '3.000181.000.00.00.H49' })])),
      ).to.equal(true)
      expect(await received()).to.deep.equal(['dossier.submitted'])
      const foreign = await call(`${base}/ThemMoi?MaDinhDanhDV=G03`, [dossier])
      expect(foreign).to.include({ status: 200, error_code: '403' })
      expect(lent.log.length).to.be.above(0)
    }))

  it('answers bad input in its own form, takes nothing of it, and says “thành công” nowhere [dvcqg §21 traps 1, 3]', () =>
    scene({}, async ({ call, received }) => {
      const bad = await call(`${base}/ThemMoi`, [
        dossier,
        adapterDossier('H49-2', { NgayTiepNhan: 'hôm qua' }),
      ])
      expect(bad).to.include({ status: 200, error_code: '400' })
      expect(bad.message).to.contain('Mã H49-2').and.to.contain('NgayTiepNhan')
      const keyless = await call(`${base}/DongBoTienTrinh`, [{ TrangThai: '4' }])
      expect(keyless.text.toLowerCase()).to.contain('mahoso').and.not.to.contain('thành công')
      expect(await call(`${base}/KhongCo`, [dossier])).to.include({ status: 200, error_code: '404' })
      expect(await received()).to.deep.equal([])
    }))

  it('says “thành công” of no refusal, though a recipient has said so [dvcqg §21 trap 1]', () =>
    scene({ answerAfter: 'processed' }, async ({ lent, call }) => {
      const refuse = async () => {
        const id = await eventually('the delivery', async () => {
          const { json } = await lent.call(portal.apiKey, 'GET', '/v1/mailbox')
          return (json as unknown as { deliveries: { deliveryId: string }[] }).deliveries[0]?.deliveryId
        })
        const bytes = JSON.stringify({ outcome: 'refused', reason: 'Cập nhật không Thành công' })
        await lent.call(portal.apiKey, 'POST', `/v1/mailbox/${id}/ack`, { type: 'application/json', bytes })
      }
      const [answer] = await Promise.all([call(`${base}/DongBoTienTrinh`, [adapterStep(code)]), refuse()])
      expect(answer).to.deep.include({ status: 200, error_code: '422', message: `Bên nhận từ chối` })
    }))

  it('knows nobody by a wrong key, by no key, or by the account of another dialect, and writes no key into the log', () =>
    scene({}, async ({ lent, call }) => {
      for (const path of ['/facade/~motcua/sai/ThemMoi', `/facade/~khac/${key}/ThemMoi`, '/facade/ThemMoi'])
        expect(await call(path, [dossier]), path).to.include({ status: 200, error_code: '401' })
      expect(await call(`${base}/KhongCo`, [dossier])).to.include({ error_code: '404' })
      expect(JSON.stringify(lent.log)).to.include('/facade/~:account/:key/').and.not.to.include(key)
    }))

  it('takes the gateway’s own credentials too, at the addresses that façades have', () =>
    scene({}, async ({ lent, received }) => {
      const province = { type: 'application/json', bytes: JSON.stringify([dossier]) }
      const answer = await lent.call(ministry.apiKey, 'POST', '/KetNoiMotCuaQuocGia/ThemMoi', province)
      expect(answer.json).to.include({ error_code: '0' })
      expect(await received()).to.deep.equal(['dossier.submitted'])
    }))

  it('answers catalogues as JSON text inside message, and refusals there too [dvcqg §21 trap 11]', () =>
    scene({}, async ({ lent, call }) => {
      const entry = (Ma: string, NoiDung: Payload) => ({ DanhMuc: '1', Ma, ThaoTac: 'them', NoiDung })
      for (const row of [
        entry('1.009905', { TENTTHC: 'Gia hạn', MALINHVUC: 'G03-GD10', TENLINHVUC: 'Lĩnh vực' }),
        entry('1.009906', { TENTTHC: 'Không lĩnh vực' }),
      ]) {
        const bytes = await envelopeOf(ministry, 'catalog.changed', row, { recipients: ['G22'] })
        await lent.call(ministry.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
      }
      const resultOf = async (path: string) => {
        const { status, message } = await call(`${base}${path}`)
        expect(status).to.equal(200)
        return (JSON.parse(message) as { result: readonly Payload[] }).result
      }
      expect(await resultOf('/LayDanhSachTTHC')).to.deep.equal([
        { MATTHC: '1.009905', TENTTHC: 'Gia hạn' },
        { MATTHC: '1.009906', TENTTHC: 'Không lĩnh vực' },
      ])
      const [procedure] = await resultOf('/LayThuTuc?maTTHC=1.009905.000.00.00.H49')
      expect(procedure).to.deep.include({
        LINHVUCTHUCHIEN: [{ MALINHVUC: 'G03-GD10', TENLINHVUC: 'Lĩnh vực' }],
      })
      expect(await resultOf('/LayThuTuc?matthc=1.009906'), 'none without a field').to.deep.equal([])
      expect(await resultOf('/TraCuuHoSo?mahoso=H49-1')).to.deep.equal([])
      const refused = await call('/facade/LayDanhSachTTHC')
      expect(refused).to.include({ status: 200, error_code: '401' })
      expect(JSON.parse(refused.message)).to.deep.include({ error_code: '401', result: [] })
    }))

  it('asks the portal core for an account, where the body may ask for one [dvcqg §6.4]', () =>
    withSink((sink) => {
      const played = playPortal(sink, {
        TraCuuTechID: ({ mstorcmnd }) => ({ error_code: 0, result: [{ TECHNICALID: mstorcmnd ?? '' }] }),
      })
      const path = `${base}/TraCuuTechID?mstorcmnd=022099000123`
      return scene(
        { lookups: { TraCuuTechID: 'forward' } },
        async ({ call }) => {
          const { error_code, message } = await call(path)
          expect(error_code).to.equal('0')
          expect(JSON.parse(message)).to.deep.equal({ result: [{ TECHNICALID: '022099000123' }] })
        },
        played.core,
      )
    }))

  it('delivers dossiers and progress for the province to its own façade', () =>
    withSink((sink) =>
      scene({ url: sink.url }, async ({ lent }) => {
        sink.answer(({ path }) => ({
          status: 200,
          body: path.endsWith('/ThemMoi')
            ? `{"error_code":"3","message":"Mã hồ sơ ${code} đã tồn tại"}`
            : '{"error_code":"0","message":"Thành công"}',
        }))
        const send = async (action: 'dossier.submitted' | 'status.updated', data: Payload[]) => {
          const bytes = await envelopeOf(portal, action, { data }, { recipients: ['H49'] })
          const type = 'application/xml'
          const { status } = await lent.call(portal.apiKey, 'POST', '/v1/messages', { type, bytes })
          expect(status).to.equal(202)
        }
        await send('dossier.submitted', [dossier])
        await send('status.updated', [adapterStep(code)])
        const requests = await eventually(
          'three calls',
          async () => sink.requests.length === 3 && sink.requests,
        )
        expect(requests.map(({ path }) => path)).to.deep.equal([
          '/in/ThemMoi',
          '/in/CapNhat',
          '/in/DongBoTienTrinh',
        ])
        const bodies = requests.map(({ body }) => JSON.parse(body.toString()) as Json)
        expect(bodies).to.deep.equal([[dossier], [dossier], [adapterStep(code)]])
      }),
    ))
})
