import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { account as adapterAccount, forward } from '../support/adapter-envelope.ts'
import { eventually } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { withSink, type Sink } from '../support/sink.ts'
import { code, rows, speakers, things, told, type Speaker, type Thing } from '../support/speakers.ts'
import { client, tokenScene, type TokenScene } from '../support/token-door.ts'

const password = 'mat-khau-thu-nghiem'

/** What each of the partners' servers answers to any call: success in the words of every dialect, a token, a session. */
const everything = {
  ...{ error_code: '0', code: 200, Status: 200, message: 'Đồng bộ thành công', result: [] },
  ...{ access_token: 'the', expires_in: 3_600, session: 'phien' },
}

/** A recipient that speaks so; its server is a path of the sink, after its code. */
const recipients = [
  ['G01', 'adapter-envelope', 'portal-password'],
  ['G02', 'facade', null],
  ['G03', 'token-rest', 'client-secret'],
  ['G04', 'lgsp', 'client-secret'],
] as const

const optionsAt = (url: string): Readonly<Record<string, Payload>> => ({
  'adapter-envelope': { portal: { url, username: 'truc' } },
  facade: { url },
  'token-rest': { url, clientId: 'truc' },
  lgsp: { url, clientId: 'truc' },
})

/** A province that has an account at every door, and recipients of every dialect; the portal core pulls plain JSON. */
function meeting(use: (scene: TokenScene, sink: Sink) => Promise<void>): Promise<void> {
  return withSink((sink) => {
    sink.answer(() => ({ status: 200, body: JSON.stringify(everything) }))
    const others = recipients.map(([agency, dialect]) =>
      createParty({ code: agency, dialect, options: optionsAt(`${sink.url}/${agency}`)[dialect] ?? {} }),
    )
    const theirs = recipients.flatMap(([agency, , name]) =>
      name === null ? [] : ([[agency, name, password]] as const),
    )
    const own = [
      ['H49', `account:adapter-envelope:${adapterAccount}`, password],
      ['H49', `account:lgsp:${client.client_id}`, client.client_secret],
    ] as const
    const core = ['G22', ...recipients.map(([agency]) => agency)]
    return tokenScene(
      {
        ...{ dialect: 'token-rest', tokenPath: '/token-rest/token', options: { createAgain: 'update' } },
        ...{ others, core, secrets: [...theirs, ...own] },
      },
      (scene) => use(scene, sink),
    )
  })
}

type Say = (speaker: Speaker, thing: Thing) => Promise<Payload>

/** Says a thing as a client of a dialect does, with what opens its door. */
async function sayer({ lent, token, apiKey }: TokenScene): Promise<Say> {
  const post = async (path: string, body: Json | URLSearchParams, bearer = '') => {
    const isForm = body instanceof URLSearchParams
    const answer = await fetch(`${lent.url}${path}`, {
      ...{ method: 'POST', body: isForm ? body : JSON.stringify(body) },
      headers: {
        ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
        ...(isForm
          ? {}
          : {
              'content-type': 'application/json',
              'idempotency-key': `"${textOf((body as Payload)['action'])}"`,
            }),
      },
    })
    return (await answer.json()) as Payload
  }
  const login = await post(`${forward}/login`, { username: adapterAccount, password })
  const grant = new URLSearchParams({ grant_type: 'client_credentials', ...client })
  const lgspToken = textOf((await post('/lgsp/token', grant))['access_token'])
  const bearers: Readonly<Record<string, string>> = {
    ...{
      'adapter-envelope': '',
      facade: apiKey,
      'token-rest': token,
      lgsp: lgspToken,
      'native-json': apiKey,
    },
  }
  return ({ dialect: { name }, says }, thing) => {
    const { path, body } = says[thing]
    const read = JSON.parse(Buffer.from(body).toString()) as Payload
    const said = name === 'adapter-envelope' ? { ...read, session: login['session'] ?? '' } : read
    return post(path, said, bearers[name])
  }
}

const isTaken = (answer: Payload): boolean =>
  [answer['error_code'], answer['code'], answer['Status']]
    .map(textOf)
    .some((said) => ['0', '200'].includes(said))

const isNative = ({ dialect }: Speaker): boolean => dialect.name === 'native-json'
const nationalOnes = speakers.filter((speaker) => !isNative(speaker))
const native = speakers.find(isNative)!

describe('one dossier through every door', function () {
  this.timeout(30_000)

  it('is one message, whichever door it comes through again, and reaches every recipient in its own dialect', () =>
    meeting(async (scene, sink) => {
      const say = await sayer(scene)
      for (const thing of things)
        for (const speaker of nationalOnes) {
          const answer = await say(speaker, thing)
          expect(isTaken(answer), `${speaker.dialect.name} ${thing} ${JSON.stringify(answer)}`).to.equal(true)
        }
      expect(await scene.received(), 'each thing once').to.deep.equal([...things])
      for (const thing of things)
        expect((await scene.latest(code, thing))?.payload, thing).to.deep.equal({ data: [rows[thing]] })
      for (const [agency, dialect] of recipients) {
        const speaker = nationalOnes.find(({ dialect: { name } }) => name === dialect)!
        const arrived = await eventually(`three calls to ${agency}`, async () => {
          const calls = sink.requests.filter(
            ({ path }) => path.includes(`/${agency}`) && !/\/(?:token|login)$/.test(path),
          )
          return calls.length >= things.length && calls
        })
        expect(arrived, agency).to.have.lengthOf(things.length)
        for (const [at, thing] of things.entries()) {
          const body = JSON.parse(arrived[at]?.body.toString() ?? '') as Json
          const { row } = speaker.lacks?.otherwise?.[thing] ?? { row: rows[thing] }
          expect(told(speaker, speaker.arrives(thing, body)).payload, `${agency} ${thing}`).to.deep.equal({
            data: [row],
          })
        }
      }
    }))

  it('has the same content in a message under a reference of its own', () =>
    meeting(async (scene) => {
      const say = await sayer(scene)
      const [national] = nationalOnes
      for (const thing of things) {
        await say(national!, thing)
        const before = await scene.latest(code, thing)
        const answer = await say(native, thing)
        const after = await scene.latest(code, thing)
        expect(after?.id, JSON.stringify(answer)).not.to.equal(before?.id)
        expect(after?.payload).to.deep.equal(before?.payload)
      }
      expect(await scene.received()).to.have.lengthOf(things.length * 2)
    }))
})
