import { expect } from 'chai'
import type { Json, Payload } from '../../schemas/message.ts'
import { acknowledge } from '../support/acknowledge.ts'
import { eventually } from '../support/gateway.ts'
import { lgspDocument } from '../support/samples/lgsp.ts'
import { tokenRestCreate, tokenRestState } from '../support/samples/token-rest.ts'
import { withSink } from '../support/sink.ts'
import { createParty } from '../support/parties.ts'
import { portal, tokenScene, type DoorSaid, type TokenScene } from '../support/token-door.ts'

const code = 'H49-20261121-0000001'
const reason = 'Sai mã thủ tục'
const refusal = { outcome: 'refused', reason } as const
const processed = { outcome: 'processed' } as const

/** How a dialect with tokens pushes a dossier, and what it answers. */
interface Door {
  readonly dialect: string
  readonly tokenPath: string
  readonly path: string
  readonly dossier: (more?: Payload) => Payload
  /** A field of the dossier that may be corrected. */
  readonly corrected: Payload
  /** Options by which a corrected dossier is taken for an update. */
  readonly correcting: Payload
  readonly taken: Payload
  readonly refused: Payload
  /** HTTP status of a refusal. */
  readonly status: number
}

const sentence = `Mã ${code}: Bên nhận từ chối (${reason})`

const doors: readonly Door[] = [
  {
    ...{ dialect: 'token-rest', tokenPath: '/token-rest/token', path: '/token-rest/NoiHoSo' },
    dossier: (more) => tokenRestCreate(code, more),
    ...{ corrected: { MaTTHC: '1.009902' }, correcting: { createAgain: 'update' } },
    ...{ taken: { code: 200, message: 'Thành công' }, status: 400 },
    refused: { code: 400, message: sentence, data: null },
  },
  {
    ...{ dialect: 'lgsp', tokenPath: '/lgsp/token', path: '/lgsp/adapter/Document/SyncDocument' },
    dossier: (more) => lgspDocument(code, more),
    ...{ corrected: { DocTypeCode: '1.009902' }, correcting: {} },
    ...{ taken: { Status: 200, Message: 'Thành công' }, status: 200 },
    refused: { Status: 422, Message: sentence },
  },
]

const scene = (door: Door, options: Payload, use: (scene: TokenScene) => Promise<void>) =>
  tokenScene({ dialect: door.dialect, tokenPath: door.tokenPath, options }, use)

/** The message that the dossier became, once it is there. */
const idOf = ({ latest }: TokenScene): Promise<string> =>
  eventually('the message', async () => (await latest(code, 'dossier.submitted'))?.id)

/** Pushes while the portal core answers. */
async function during(push: Promise<DoorSaid>, meanwhile: () => Promise<unknown>): Promise<DoorSaid> {
  const [answer] = await Promise.all([push, meanwhile()])
  return answer
}

for (const door of doors)
  describe(`answerAfter through the door of ${door.dialect}`, () => {
    const push = ({ call }: TokenScene, more: Payload = {}) => call('POST', door.path, door.dossier(more))

    it('accepted: answers at once, though nobody has taken it', () =>
      scene(door, {}, async (here) => {
        expect((await push(here)).json).to.deep.include(door.taken)
        expect(await here.received()).to.have.lengthOf(1)
      }))

    for (const answerAfter of ['delivered', 'processed'])
      it(`${answerAfter}: answers when the recipient has processed it, and the same again at once`, () =>
        scene(door, { answerAfter }, async (here) => {
          let isAnswered = false
          const answer = await during(
            push(here).finally(() => (isAnswered = true)),
            async () => {
              await eventually('the message', async () => (await here.received()).length === 1)
              expect(isAnswered, 'before the recipient has said anything').to.equal(false)
              await acknowledge(here.lent, portal.apiKey, processed)
            },
          )
          expect(answer.json).to.deep.include(door.taken)
          expect((await push(here)).json).to.deep.include(door.taken)
        }))

    for (const [answerAfter, isEnough] of [
      ['delivered', true],
      ['processed', false],
    ] as const)
      it(`${answerAfter}: ${isEnough ? 'is content with' : 'waits on behind'} a recipient that has taken it and says no more`, () =>
        withSink((sink) => {
          const core = createParty({ code: 'G09', dialect: 'facade', options: { url: sink.url } })
          const { dialect, tokenPath } = door
          const scenery = { dialect, tokenPath, options: { answerAfter }, others: [core], core: ['G09'] }
          return tokenScene(scenery, async (here) => {
            sink.answer(() => ({ status: 200, body: '{"error_code":"0","message":"Đồng bộ thành công"}' }))
            let isAnswered = false
            const answer = await during(
              push(here).finally(() => (isAnswered = true)),
              async () => {
                if (isEnough) return
                const isDelivered = async () =>
                  (await here.lent.store.deliveryStates([await idOf(here)]))[0]?.[0]?.state
                await eventually('the delivery', async () => (await isDelivered()) === 'delivered')
                expect(isAnswered, 'delivered is not processed').to.equal(false)
                here.lent.clock.pass(20_000)
              },
            )
            expect(answer.json).to.deep.include(door.taken)
            expect(sink.requests).to.have.lengthOf(1)
          })
        }))

    it("answers a recipient's refusal in its own form, the same again with the same, and a corrected push with success", () =>
      scene(door, { answerAfter: 'processed', ...door.correcting }, async (here) => {
        const refused = await during(push(here), () => acknowledge(here.lent, portal.apiKey, refusal))
        expect([refused.status, refused.json]).to.deep.equal([door.status, door.refused])
        expect((await push(here)).json).to.deep.equal(door.refused)
        const corrected = await during(push(here, door.corrected), () =>
          acknowledge(here.lent, portal.apiKey, processed),
        )
        expect(corrected.json).to.deep.include(door.taken)
        expect(await here.received()).to.deep.equal(['dossier.submitted', 'dossier.updated'])
      }))

    it('answers as accepted when the time is over; a refusal that comes later is told to the same push', () =>
      scene(door, { answerAfter: 'delivered' }, async (here) => {
        const answer = await during(push(here), async () => {
          await eventually('the message', async () => (await here.received()).length === 1)
          here.lent.clock.pass(20_000)
        })
        expect(answer.json).to.deep.include(door.taken)
        await acknowledge(here.lent, portal.apiKey, refusal)
        expect((await push(here)).json).to.deep.equal(door.refused)
      }))
  })

describe('a refusal that comes after the answer, in the look-up of the token REST', () => {
  const [tokenRest] = doors
  const base = '/token-rest'
  const found = async ({ call }: TokenScene): Promise<Payload> =>
    (await call('GET', `${base}/TraCuuHoSo?MaHoSo=${code}`)).json['data'] as Payload
  const saysWho = (row: Payload): Json => (row['DanhSachTuChoi'] as readonly Payload[])[0]?.['LyDo'] ?? null

  it('is shown until a corrected dossier has come', () =>
    scene(tokenRest!, { createAgain: 'update' }, async (here) => {
      const create = (more: Payload = {}) => here.call('POST', `${base}/NoiHoSo`, tokenRestCreate(code, more))
      expect((await create()).status).to.equal(200)
      expect(await found(here)).not.to.have.property('DanhSachTuChoi')
      await acknowledge(here.lent, portal.apiKey, refusal)
      expect(saysWho(await found(here))).to.equal(reason)
      expect((await create()).status, 'the same again corrects nothing').to.equal(200)
      expect(saysWho(await found(here))).to.equal(reason)
      expect((await create({ MaTTHC: '1.009902' })).status).to.equal(200)
      expect(await found(here))
        .to.include({ MaTTHC: '1.009902' })
        .and.not.to.have.property('DanhSachTuChoi')
    }))

  it('of a state is shown until another state has come', () =>
    scene(tokenRest!, {}, async (here) => {
      const tell = (more: Payload = {}) =>
        here.call('POST', `${base}/CapNhatTrangThai`, [tokenRestState(code, more)])
      await here.call('POST', `${base}/NoiHoSo`, tokenRestCreate(code))
      await acknowledge(here.lent, portal.apiKey, processed)
      await tell()
      await acknowledge(here.lent, portal.apiKey, refusal)
      expect(saysWho(await found(here))).to.equal(reason)
      await tell({ TrangThai: 5 })
      expect(await found(here))
        .to.include({ TrangThaiHoSo: '5' })
        .and.not.to.have.property('DanhSachTuChoi')
    }))
})
