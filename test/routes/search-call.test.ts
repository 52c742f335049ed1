import { expect } from 'chai'
import type { Agency } from '../../schemas/agency.ts'
import type { Payload } from '../../schemas/message.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, type Party } from '../support/parties.ts'
import { adapterDossier, adapterStep } from '../support/samples/adapter.ts'
import { withSink } from '../support/sink.ts'

const code = 'H49.05-261121-0001'
const portal = createParty({ code: 'G22', dialect: 'native-json' })
const stranger = createParty({ code: 'G03', dialect: 'native-json' })
const registry = { aliases: { 'portal-core': ['G22'] } }

interface Scene {
  readonly lent: LentGateway
  /** Asks for the dossier as a body. */
  ask(who?: Party, path?: string): Promise<Payload>
  /** A message of the province. */
  send(action: string, row: Payload): Promise<void>
}

function scene(
  dialect: string,
  options: Agency['options'],
  use: (scene: Scene) => Promise<void>,
): Promise<void> {
  const province = createParty({ code: 'H49', dialect, options })
  const grants = { G22: ['status.requested'], G03: [], H49: ['dossier.submitted', 'status.updated'] }
  const all = { ...registry, grants }
  return withGateway([province, portal, stranger], { registry: all }, (lent) =>
    use({
      lent,
      async ask(who = portal, path = '/VXPAdapter/RestService/forward/search/call') {
        const bytes = JSON.stringify({ MaHoSo: code })
        const answer = await lent.call(who.apiKey, 'POST', path, { type: 'application/json', bytes })
        expect(answer.status).to.equal(200)
        return JSON.parse(answer.text) as Payload
      },
      async send(action, row) {
        const bytes = await envelopeOf(province, action, { data: [row] })
        const { status, text } = await lent.call(province.apiKey, 'POST', '/v1/messages', {
          type: 'application/xml',
          bytes,
        })
        expect(status, text).to.equal(202)
      },
    }),
  )
}

const envelope = (url: string) => ({ searchUrl: `${url}/search/call` })

describe("the portal's question about a dossier", () => {
  it('goes to the body that owns it, at that moment', () =>
    withSink((sink) =>
      scene('adapter-envelope', envelope(sink.url), async ({ ask }) => {
        sink.answer(() => ({
          status: 200,
          body: `{"error_code":0,"result":[{"MaHoSo":"${code}","TrangThaiHoSo":"5"}]}`,
        }))
        expect(await ask()).to.deep.include({ error_code: 0, result: [{ MaHoSo: code, TrangThaiHoSo: '5' }] })
        expect(await ask(portal, '/adapter/search/call')).to.include({ error_code: 0 })
        expect(sink.requests.map(({ path }) => path)).to.deep.equal(['/in/search/call', '/in/search/call'])
        expect(JSON.parse(sink.requests[0]?.body.toString() ?? '')).to.deep.equal({ MaHoSo: code })
      }),
    ))

  it('is answered with what was pushed last, and how old that is, where the body fails or takes more than 5 s', () =>
    withSink((sink) =>
      scene('adapter-envelope', envelope(sink.url), async ({ ask, send, lent }) => {
        await send('dossier.submitted', adapterDossier(code))
        lent.clock.pass(3_600_000)
        const answers = [{ status: 503 }, { status: 200, body: '{"error_code":-1,"message":"Lỗi"}' }]
        for (const answer of answers) {
          sink.answer(() => answer)
          const { result, TuoiDuLieuGiay, message } = await ask()
          expect((result as readonly Payload[])[0]).to.include({ MaHoSo: code, TrangThaiHoSo: '2' })
          expect(TuoiDuLieuGiay).to.be.within(3_600, 3_660)
          expect(message).to.equal('Dữ liệu theo lần cập nhật cuối, cách đây 60 phút')
        }
        sink.answer(() => new Promise(() => undefined))
        expect(await ask()).to.have.property('TuoiDuLieuGiay')
      }),
    ))

  it('becomes a signed message to a body that takes messages only, whose news is waited for', () =>
    scene('native-json', {}, async ({ ask, send, lent }) => {
      await send('dossier.submitted', adapterDossier(code))
      lent.clock.pass(600_000)
      const asked = ask()
      const wish = await eventually('the request', async () => {
        const { json } = await lent.call(portal.apiKey, 'GET', '/v1/messages?direction=sent')
        return (json as unknown as { items: { action: string }[] }).items[0]
      })
      expect(wish.action).to.equal('status.requested')
      await send('status.updated', adapterStep(code, { TrangThai: '9' }))
      const answer = await asked
      expect((answer['result'] as readonly Payload[])[0]).to.include({ TrangThaiHoSo: '9' })
      expect(answer['TuoiDuLieuGiay']).to.be.below(60)
      expect(((await ask())['result'] as readonly Payload[])[0]).to.include({ TrangThaiHoSo: '9' })
      const { json } = await lent.call(portal.apiKey, 'GET', '/v1/messages?direction=sent')
      expect(
        (json as unknown as { items: object[] }).items,
        'what is fresh is not asked for',
      ).to.have.lengthOf(1)
    }))

  it('is for bodies that may ask, and finds nothing of a dossier that nobody knows', () =>
    scene('native-json', {}, async ({ ask, lent }) => {
      expect(await ask(stranger)).to.include({ error_code: 403 })
      const bytes = JSON.stringify({ MaHoSo: 'X99-261121-0001' })
      const path = '/adapter/search/call'
      const body = { type: 'application/json', bytes }
      expect((await lent.call(portal.apiKey, 'POST', path, body)).text).to.contain('"result":[]')
      expect((await lent.call('lt_khong', 'POST', path, body)).text).to.contain('"error_code":401')
    }))
})

describe("the portal's fetch of a file by its id", () => {
  it('leads to where the file lies, and asks there who may read it', () =>
    scene('native-json', {}, async ({ lent }) => {
      const kept = await lent.call(portal.apiKey, 'POST', '/v1/files', {
        type: 'application/pdf',
        bytes: '%PDF-1.4 thử',
      })
      expect(kept.status, kept.text).to.equal(201)
      const path = `/VXPAdapter/RestService/forward/downloadfile/${String(kept.json['id'])}`
      expect((await lent.call(portal.apiKey, 'GET', path)).text).to.equal('%PDF-1.4 thử')
      expect((await lent.call(stranger.apiKey, 'GET', path)).status).to.equal(404)
      const none = await lent.call(
        portal.apiKey,
        'GET',
        '/VXPAdapter/RestService/forward/downloadfile/khong-co',
      )
      expect(none.text).to.contain('"error_code":404')
    }))
})
