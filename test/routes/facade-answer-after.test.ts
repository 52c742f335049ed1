import { expect } from 'chai'
import type { Payload } from '../../schemas/message.ts'
import { acknowledge } from '../support/acknowledge.ts'
import { base, facadeScene, isTaken, portal, type FacadeAnswer, type FacadeScene } from '../support/facade.ts'
import { eventually } from '../support/gateway.ts'
import { adapterDossier } from '../support/samples/adapter.ts'

const code = 'H49.05-261121-0001'
const dossier = adapterDossier(code)
const refusal = { outcome: 'refused', reason: 'Sai mã thủ tục' } as const

/** Creates the dossier while the portal core does something. */
async function create(
  { call }: FacadeScene,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<FacadeAnswer> {
  const [answer] = await Promise.all([call(`${base}/ThemMoi`, [dossier]), meanwhile()])
  return answer
}

/** The dossier as the façade's own look-up shows it, inside `message`. */
async function found({ call }: FacadeScene): Promise<Payload | undefined> {
  const { message } = await call(`${base}/TraCuuHoSo?mahoso=${code}`)
  return (JSON.parse(message) as { result: readonly Payload[] }).result[0]
}

describe('answerAfter at the façade', () => {
  it('answers “thành công” once the recipient has processed the dossier, and the same again at once', () =>
    facadeScene({ answerAfter: 'processed' }, async (here) => {
      const answer = await create(here, () => acknowledge(here.lent, portal.apiKey, { outcome: 'processed' }))
      expect(isTaken(answer)).to.equal(true)
      expect(isTaken(await create(here))).to.equal(true)
    }))

  it('answers a refusal within the wait as an error without “thành công”, and the same again with the same', () =>
    facadeScene({ answerAfter: 'delivered' }, async (here) => {
      const expected = {
        status: 200,
        error_code: '422',
        message: `Mã ${code}: Bên nhận từ chối (Sai mã thủ tục)`,
      }
      expect(await create(here, () => acknowledge(here.lent, portal.apiKey, refusal))).to.include(expected)
      expect(await create(here)).to.include(expected)
    }))

  it('answers as accepted when the time is over; a later refusal stands in its own look-up until a corrected push has come', () =>
    facadeScene({ answerAfter: 'processed' }, async (here) => {
      const { lent, call, received } = here
      const passing = async () => {
        await eventually('the message', async () => (await received()).length === 1)
        lent.clock.pass(20_000)
      }
      expect(isTaken(await create(here, passing))).to.equal(true)
      expect(await found(here))
        .to.include({ MaHoSo: code })
        .and.not.to.have.property('DanhSachTuChoi')
      await acknowledge(lent, portal.apiKey, refusal)
      const refused = await eventually('the refusal', async () => (await found(here))?.['DanhSachTuChoi'])
      expect((refused as unknown as object[])[0]).to.include({ DonViTuChoi: 'G22', LyDo: 'Sai mã thủ tục' })
      const { json } = await lent.call(portal.apiKey, 'GET', '/v1/refusals')
      expect(json['items'], 'nobody else reads the refusals of the province').to.deep.equal([])
      const corrected = [adapterDossier(code, { MaTTHC: '1.009902' })]
      const [answer] = await Promise.all([
        call(`${base}/CapNhat`, corrected),
        acknowledge(lent, portal.apiKey, { outcome: 'processed' }),
      ])
      expect(isTaken(answer)).to.equal(true)
      expect(await found(here))
        .to.include({ MaTTHC: '1.009902' })
        .and.not.to.have.property('DanhSachTuChoi')
    }))
})
