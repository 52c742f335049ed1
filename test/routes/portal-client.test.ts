import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { envelopeScene, type EnvelopeScene } from '../support/adapter-envelope.ts'
import { eventually } from '../support/gateway.ts'
import { playPortal, portalPassword, type PlayedPortal, type PortalAnswers } from '../support/portal.ts'
import { adapterDossier, adapterStep } from '../support/samples/adapter.ts'
import { withSink } from '../support/sink.ts'

interface Scene extends EnvelopeScene, PlayedPortal {
  /** Calls of a service, once there are so many. */
  called(service: string, times?: number): Promise<readonly Payload[]>
}

function scene(options: object, answers: PortalAnswers, use: (scene: Scene) => Promise<void>): Promise<void> {
  return withSink((sink) => {
    const played = playPortal(sink, answers)
    const called = (service: string, times = 1) =>
      eventually(`${times} × ${service}`, async () => {
        const calls = played.calls().filter((each) => each['service'] === service)
        return calls.length >= times && calls
      })
    const others = { core: played.core, corePassword: portalPassword }
    return envelopeScene({ ...options }, (here) => use({ ...here, ...played, called }), others)
  })
}

const code = 'H49.05-261121-0001'
const exists = { error_code: 409, message: `Mã ${code} đã tồn tại` }

describe('the gateway as a client of the national portal', () => {
  it('logs in once, and pushes dossiers and progress to its services', () =>
    scene({}, {}, async ({ service, called, logins }) => {
      await service('DongBoHoSoMC', { isUpdating: 'False', data: [adapterDossier(code)] })
      await service('CapNhatTienDoHoSoMC', { data: [adapterStep(code)] })
      const [create] = await called('DongBoHoSoMC')
      expect(create).to.deep.include({ madonvi: 'H49', isUpdating: 'False', session: 'phien-1' })
      expect((create?.['data'] as readonly Payload[])[0]).to.include({
        MaHoSo: code,
        NgayHenTra: '20261125000000',
      })
      const [step] = await called('CapNhatTienDoHoSoMC')
      expect(step?.['data']).to.deep.equal([adapterStep(code)])
      expect(logins()).to.equal(1)
    }))

  it('logs in anew when the portal says that the session is over, and sends the same again', () =>
    scene({}, {}, async ({ service, called, logins, endSessions }) => {
      await service('DongBoHoSoMC', { isUpdating: 'False', data: [adapterDossier(code)] })
      await called('DongBoHoSoMC')
      endSessions()
      await service('DongBoHoSoMC', {
        isUpdating: 'True',
        data: [adapterDossier(code, { ChuHoSo: 'Lê Mẫu' })],
      })
      const calls = await called('DongBoHoSoMC', 3)
      expect(calls.map(({ isUpdating }) => isUpdating)).to.deep.equal(['False', 'True', 'True'])
      expect(logins()).to.equal(2)
    }))

  it('pushes as an update what the portal has already', () =>
    scene(
      {},
      { DongBoHoSoMC: ({ isUpdating }) => (isUpdating === 'True' ? { error_code: '00' } : exists) },
      async (here) => {
        const { service, called, lent } = here
        await service('DongBoHoSoMC', { isUpdating: 'False', data: [adapterDossier(code)] })
        expect((await called('DongBoHoSoMC', 2)).map(({ isUpdating }) => isUpdating)).to.deep.equal([
          'False',
          'True',
        ])
        await eventually('the delivery', async () =>
          lent.log.some(({ fields }) => fields['state'] === 'delivered'),
        )
      },
    ))

  it('passes its refusal on, within the wait of a synchronous push too', () =>
    scene(
      { answerAfter: 'delivered' },
      { DongBoHoSoMC: () => ({ error_code: 7, message: 'Sai mã thủ tục' }) },
      async (here) => {
        const answer = await here.service('DongBoHoSoMC', {
          isUpdating: 'False',
          data: [adapterDossier(code)],
        })
        expect(answer).to.include({
          error_code: 422,
          message: `Mã ${code}: Bên nhận từ chối (Sai mã thủ tục)`,
        })
      },
    ))
})

describe('look-ups that are passed on to the portal', () => {
  const lookups = { TraCuuHoSo: 'forward', LayThuTuc: 'forward-then-local', TraCuuTechID: 'forward' }
  const procedure = {
    MATTHC: '1.009901',
    LinhVucThucHien: { MALINHVUC: 'G03-GD10' },
    CACHTHUCTHUCHIEN: [{ KENH: '2' }],
  }

  it('answer with its rows: a dossier, a procedure that is then remembered, an account [dvcqg §21 trap 13]', () =>
    scene(
      { lookups },
      {
        TraCuuHoSo: ({ mahoso }) => ({
          error_code: 0,
          result: [{ MaHoSo: mahoso ?? '', TrangThaiHoSo: '4' }],
        }),
        LayThuTuc: () => ({ error_code: 0, result: [procedure] }),
        TraCuuTechID: ({ mstorcmnd }) => ({
          error_code: 0,
          result: [{ TECHNICALID: `tk-${textOf(mstorcmnd)}` }],
        }),
      },
      async ({ service, calls }) => {
        expect((await service('TraCuuHoSo', { mahoso: code })).result).to.deep.equal([
          { MaHoSo: code, TrangThaiHoSo: '4' },
        ])
        for (const time of [1, 2]) {
          const [row] = (await service('LayThuTuc', { maTTHC: '1.009901' })).result
          expect(row, `time ${time}`).to.deep.include({
            LINHVUCTHUCHIEN: [{ MALINHVUC: 'G03-GD10' }],
            CACHTHUCTHUCHIEN: [{ KENH: 2 }],
          })
        }
        const account = await service('TraCuuTechID', { mstorcmnd: '022099000123' })
        expect(account.result).to.deep.equal([{ TECHNICALID: 'tk-022099000123' }])
        expect(calls().map((call) => [call['service'], call['madonvi']])).to.deep.equal([
          ['TraCuuHoSo', 'H49'],
          ['LayThuTuc', 'H49'],
          ['TraCuuTechID', 'H49'],
        ])
      },
    ))

  it('say so where the portal does not answer, or answer what is known here where they may', () =>
    scene(
      { lookups },
      { TraCuuHoSo: () => ({ error_code: -1, message: 'Lỗi' }) },
      async ({ service, lent }) => {
        const failed = await service('TraCuuHoSo', { mahoso: code })
        expect(failed).to.include({ error_code: 503 })
        expect(failed.message).to.contain('Lỗi')
        expect(await service('LayThuTuc', { maTTHC: '9.999999' })).to.deep.include({
          error_code: 0,
          result: [],
        })
        expect(lent.log.filter(({ event }) => event === 'alert')).to.deep.equal([])
      },
    ))

  it('are none of an account unless the agency may ask for it', () =>
    scene({}, {}, async ({ service, calls }) => {
      expect(await service('TraCuuTechID', { mstorcmnd: '022099000123' })).to.include({ error_code: 404 })
      expect(calls()).to.deep.equal([])
    }))
})
