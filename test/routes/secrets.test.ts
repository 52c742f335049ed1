import { expect } from 'chai'
import { Webhook } from 'standardwebhooks'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, operatorKey } from '../support/parties.ts'
import { admit, createPerson } from '../support/people.ts'
import { withSink, type Sink } from '../support/sink.ts'

const sender = createParty({ code: 'H49' })
const secretOf = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`

interface Scene {
  readonly lent: LentGateway
  readonly sink: Sink
  readonly keys: Readonly<Record<'admin' | 'own' | 'above' | 'foreign', string>>
}

/** A body that is pushed to, with another above it and one beside it, and their administrators. */
function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  return withSink((sink) => {
    const parties = [
      sender,
      createParty({ code: 'G22' }),
      createParty({ code: 'G22.01', parent: 'G22', dialect: 'rest-push', options: { url: sink.url } }),
    ]
    return withGateway(parties, {}, async (lent) => {
      const people = {
        admin: createPerson('admin'),
        own: createPerson('agency-admin', 'G22.01'),
        above: createPerson('agency-admin', 'G22'),
        foreign: createPerson('agency-admin', 'H49'),
      }
      await admit(lent, parties, Object.values(people))
      const keys = {
        admin: people.admin.apiKey,
        own: people.own.apiKey,
        above: people.above.apiKey,
        foreign: people.foreign.apiKey,
      }
      await use({ lent, sink, keys })
    })
  })
}

const path = '/admin/v1/agencies/G22.01/secrets'
const body = (value: unknown) => ({ type: 'application/json', bytes: JSON.stringify(value) })
const put = ({ lent }: Scene, key: string, value: unknown) =>
  lent.call(key, 'PUT', `${path}/webhook`, body(value))

async function send({ lent }: Scene, n: number): Promise<string> {
  const payload = {
    data: [
      {
        MaHoSo: `H49-261121-${n}`,
        NguoiXuLy: 'Trần Văn Thử',
        ThoiDiemXuLy: '20261121100000',
        NoiDungXuLy: 'x',
        TrangThai: '4',
      },
    ],
  }
  const bytes = await envelopeOf(sender, 'status.updated', payload, { recipients: ['G22.01'] })
  const answer = await lent.call(sender.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
  expect(answer.status, answer.text).to.equal(202)
  return String(answer.json['id'])
}

async function stateOf({ lent }: Scene, id: string): Promise<string> {
  return String((await lent.call(operatorKey, 'GET', `/v1/messages/${id}`)).json['state'])
}

function isDelivered(here: Scene, id: string): Promise<unknown> {
  return eventually(`${id} delivered`, async () => (await stateOf(here, id)) === 'delivered', 30_000)
}

describe('secrets towards a body', () => {
  it('are put by its administrators and those above it, and by nobody else', () =>
    scene(async (here) => {
      const { lent, keys } = here
      for (const key of [keys.admin, keys.own, keys.above])
        expect((await put(here, key, { value: secretOf('a') })).status).to.equal(200)
      for (const key of [keys.foreign, operatorKey, sender.apiKey])
        expect((await put(here, key, { value: secretOf('b') })).status).to.equal(403)
      expect((await put(here, 'a-key-that-nobody-has', { value: secretOf('b') })).status).to.equal(401)
      expect((await lent.call(operatorKey, 'GET', path)).status).to.equal(200)
      expect((await lent.call(keys.foreign, 'GET', path)).status).to.equal(403)
      expect((await lent.call(keys.foreign, 'DELETE', `${path}/webhook`)).status).to.equal(403)
      expect((await lent.call(keys.admin, 'GET', '/admin/v1/agencies/H00/secrets')).status).to.equal(404)
    }))

  it('hold, and end, at once where they were put', () =>
    scene(async (here) => {
      const { lent, keys } = here
      const held = () => lent.gateway.app.accounts.secrets('vnpost', 'khoa')
      const account = `${path}/account%3Avnpost%3Akhoa`
      const bytes = JSON.stringify({ value: 'mật-khẩu-thử' })
      await lent.call(keys.admin, 'PUT', account, { type: 'application/json', bytes })
      expect(held()).to.deep.equal(['mật-khẩu-thử'])
      expect((await lent.call(keys.admin, 'DELETE', account)).status).to.equal(204)
      expect(held()).to.deep.equal([])
    }))

  it('are never told: not by an answer, the log, the audit or an error', () =>
    scene(async (here) => {
      const { lent, keys } = here
      const told = [
        await put(here, keys.own, { value: secretOf('a') }),
        await put(here, keys.own, { value: `whsec_${secretOf('a')}` }),
        await put(here, keys.own, { value: [secretOf('a')] }),
        await lent.call(keys.own, 'GET', path),
      ]
      expect(told.map(({ status }) => status)).to.deep.equal([200, 400, 400, 200])
      const audit = await lent.store.listAudit({ body: 'G22.01', limit: 10 })
      expect(audit.map(({ act, person, object }) => [act, person, object])).to.deep.equal([
        ['secret.put', 'Người thử agency-admin', 'G22.01/webhook'],
      ])
      const all = JSON.stringify([told.map(({ text }) => text), audit, lent.log])
      expect(all).not.to.contain(secretOf('a').slice(6))
    }))

  it('are needed to push: without one nothing goes, and what waits goes when it is there', () =>
    scene(async (here) => {
      const { lent, sink, keys } = here
      const id = await send(here, 1)
      await eventually('the breaker is open', async () =>
        (await lent.store.agencyStates()).some(
          ({ agency, openUntil }) => agency === 'G22.01' && openUntil > 0,
        ),
      )
      expect(sink.requests.length).to.equal(0)
      await put(here, keys.own, { value: secretOf('a') })
      await eventually('reloaded', async () => {
        lent.clock.pass(5_000)
        return (await stateOf(here, id)) === 'delivered'
      })
      const [{ headers, body: bytes }] = sink.requests as [Sink['requests'][number]]
      expect(headers['webhook-id']).to.match(/^[0-9a-f-]{36}$/)
      expect(verifies(secretOf('a'), { headers, body: bytes })).to.equal(true)
      expect(JSON.parse(bytes.toString())).to.include({ id })
    }))

  it('are changed under load without a push that is lost or that the recipient cannot verify', () =>
    scene(async (here) => {
      const { sink, keys } = here
      const letters = ['a', 'b', 'c']
      // What the recipient trusts: each time the next secret only, when the gateway has been told of it for long enough.
      let trusted = letters[0]!
      const verdicts: boolean[] = []
      sink.answer((request) => {
        const ok = verifies(secretOf(trusted), request)
        verdicts.push(ok)
        return { status: ok ? 200 : 401 }
      })
      await put(here, keys.own, { value: secretOf('a') })
      const ids: string[] = []
      const sending = new AbortController()
      const load = (async () => {
        for (let n = 1; !sending.signal.aborted; n += 1) {
          ids.push(await send(here, n))
          await new Promise((resolve) => setTimeout(resolve, 150))
        }
      })()
      for (const letter of letters.slice(1)) {
        await put(here, keys.own, { value: secretOf(letter), overlapSeconds: 600 })
        const seen = sink.requests.length
        await eventually('signed with the new one', async () =>
          sink.requests.slice(seen).some((request) => verifies(secretOf(letter), request)),
        )
        // What was signed before the change has ended by then: all that comes after carries the new signature too.
        for (const id of [...ids]) await isDelivered(here, id)
        trusted = letter
      }
      sending.abort()
      await load
      for (const id of ids) await isDelivered(here, id)
      const first = verdicts.indexOf(true)
      expect(first).to.be.at.least(0)
      expect(verdicts.slice(first), 'every push could be verified').not.to.include(false)
    })).timeout(60_000)
})

function verifies(
  secret: string,
  { headers, body }: Pick<Sink['requests'][number], 'headers' | 'body'>,
): boolean {
  try {
    new Webhook(secret).verify(body.toString(), headers as Record<string, string>) // node gives each of these once
    return true
  } catch {
    return false
  }
}
