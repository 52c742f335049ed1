import { expect } from 'chai'
import {
  envelopeScene,
  portal,
  type EnvelopeAnswer,
  type EnvelopeScene,
} from '../support/adapter-envelope.ts'
import { acknowledge } from '../support/acknowledge.ts'
import { eventually } from '../support/gateway.ts'
import { adapterDossier } from '../support/samples/adapter.ts'

const code = 'H49.05-261121-0001'
const create = { isUpdating: 'False', data: [adapterDossier(code)] }

/** Pushes a dossier while the portal core answers. */
async function push(here: EnvelopeScene, meanwhile: () => Promise<unknown>): Promise<EnvelopeAnswer> {
  const [answer] = await Promise.all([here.service('DongBoHoSoMC', create), meanwhile()])
  return answer
}

describe('refusals and outcomes as a synchronous client sees them', () => {
  it('answers when the recipient has processed it, and the same again at once', () =>
    envelopeScene({ answerAfter: 'processed' }, async (here) => {
      expect(
        await push(here, () => acknowledge(here.lent, portal.apiKey, { outcome: 'processed' })),
      ).to.include({ error_code: 0 })
      expect(await here.service('DongBoHoSoMC', create)).to.include({ error_code: 0 })
    }))

  it("answers a recipient's refusal as an error of the dialect, and the same again with the same", () =>
    envelopeScene({ answerAfter: 'delivered' }, async (here) => {
      const refusal = { outcome: 'refused', reason: 'Sai mã thủ tục' } as const
      const expected = { error_code: 422, message: `Mã ${code}: Bên nhận từ chối (Sai mã thủ tục)` }
      expect(await push(here, () => acknowledge(here.lent, portal.apiKey, refusal))).to.include(expected)
      expect(await here.service('DongBoHoSoMC', create)).to.include(expected)
    }))

  it('shows a refusal in the look-up and the alerts until a corrected push has come', () =>
    envelopeScene({}, async (here) => {
      const { service, lent } = here
      const found = async () => (await service('TraCuuHoSo', { mahoso: code })).result[0]
      await service('DongBoHoSoMC', create)
      await acknowledge(here.lent, portal.apiKey, { outcome: 'refused', reason: 'Sai mã thủ tục' })
      const refused = await eventually('the refusal', async () => (await found())?.['DanhSachTuChoi'])
      expect((refused as unknown as object[])[0]).to.include({ DonViTuChoi: 'G22', LyDo: 'Sai mã thủ tục' })
      const alert = lent.log.find(({ event }) => event === 'alert')
      expect(alert?.fields).to.include({ kind: 'refused', agency: 'H49', count: 1 })
      const corrected = { isUpdating: 'True', data: [adapterDossier(code, { MaTTHC: '1.009902' })] }
      expect(await service('DongBoHoSoMC', corrected)).to.include({ error_code: 0 })
      expect(await found())
        .to.include({ MaTTHC: '1.009902' })
        .and.not.to.have.property('DanhSachTuChoi')
    }))

  it('answers as accepted when the time is over, and keeps the message', () =>
    envelopeScene({ answerAfter: 'delivered' }, async (here) => {
      const passing = async () => {
        await eventually('the message', async () => (await here.received()).length === 1)
        here.lent.clock.pass(20_000)
      }
      expect(await push(here, passing)).to.include({ error_code: 0 })
      await acknowledge(here.lent, portal.apiKey, { outcome: 'processed' })
    }))

  it('waits for nothing unless asked, nor for what it refuses', () =>
    envelopeScene({}, async ({ service }) => {
      expect(await service('DongBoHoSoMC', create)).to.include({ error_code: 0 })
      expect(await service('DongBoHoSoMC', { data: [{ MaTTHC: '1' }] })).to.include({ error_code: 400 })
    }))
})
