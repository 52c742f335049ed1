import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf } from '../support/parties.ts'
import { admit, createPerson, type Person } from '../support/people.ts'
import { withSink } from '../support/sink.ts'

const letter = readFileSync(new URL('../fixtures/edxml/letter.edxml', import.meta.url))
const key = 'khoa-he-thong-01'
const password = 'mat-khau-01'
const wire = 'rest'
const codes = { '000.00.05.H49': 'H49.05' }

interface Told {
  readonly status: number
  readonly json: Payload
  readonly data: Payload
  readonly rows: readonly Payload[]
}

type Call = (
  path: string,
  init?: { readonly method?: 'GET' | 'POST'; readonly body?: string | FormData; readonly headers?: Payload },
) => Promise<Told>

interface Scene {
  readonly url: string
  /** A client with a token, by the code of its body. */
  readonly client: (code: string) => Promise<Call>
  /** One without. */
  readonly stranger: Call
}

const callerAt =
  (url: string, own: Readonly<Record<string, string>>): Call =>
  async (path, { method = 'GET', body, headers = {} } = {}) => {
    const json = typeof body === 'string' ? { 'content-type': 'application/json' } : {}
    const answer = await fetch(`${url}/${path}`, {
      ...{ method, headers: { ...own, ...json, ...(headers as Record<string, string>) } },
      ...(body === undefined ? {} : { body }),
    })
    const told = (await answer.json()) as Payload
    const data = told['data']
    return {
      ...{ status: answer.status, json: told, data: (data ?? {}) as Payload },
      rows: Array.isArray(data) ? (data as Payload[]) : [],
    }
  }

const secretAt = async (lent: LentGateway, { apiKey }: Person, [code, name, value]: readonly string[]) => {
  const path = `/admin/v1/agencies/${code ?? ''}/secrets/${encodeURIComponent(name ?? '')}`
  const put = await lent.call(apiKey, 'PUT', path, {
    ...{ type: 'application/json', bytes: JSON.stringify({ value }) },
  })
  expect(put.status, put.text).to.be.below(300)
}

/** A province's axis with two bodies that speak REST to it. */
function scene(use: (scene: Scene) => Promise<void>): Promise<void> {
  const parties = [
    createParty({ code: 'H49', dialect: 'vxp', options: { wire, codes } }),
    createParty({ code: 'H49.05', dialect: 'vxp', parent: 'H49' }),
    createParty({ code: 'G22', dialect: 'vxp', options: { wire, codes } }),
    createParty({ code: 'H37', options: { format: 'json' } }),
  ]
  return withGateway(parties, {}, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, parties, [admin])
    for (const code of ['H49', 'G22']) {
      await secretAt(lent, admin, [code, `account:vxp:${code}.W00`, key])
      await secretAt(lent, admin, [code, `account:vxp:user-${code}`, password])
    }
    const url = `${lent.url}/vxp-rest/v1`
    const stranger = callerAt(url, {})
    const client = async (code: string) => {
      const body = JSON.stringify({
        username: `user-${code}`,
        password,
        applicationCode: '',
        otp: '',
        typeObjs: [],
      })
      const { data } = await stranger('auth/login?allow_anonymous=true', { method: 'POST', body })
      return callerAt(url, {
        ...{
          authorization: `Bearer ${textOf(data['token'])}`,
          'x-systemid': `${code}.W00`,
          'x-secretkey': key,
        },
      })
    }
    await use({ url, client, stranger })
  })
}

function form(file: Uint8Array, name = 'edocFile'): FormData {
  const fields = new FormData()
  fields.append(name, new Blob([file], { type: 'application/xml' }), 'van-ban.edxml')
  fields.append('messageType', 'edoc')
  return fields
}

const list = 'syncReceivedEdocList?messageType=edoc&fromDate=&toDate='
const send = (call: Call, file: Uint8Array = letter) => call('sendEdoc', { method: 'POST', body: form(file) })
const first = (call: Call) => eventually('the letter', async () => (await call(list)).rows[0])
const tell = (call: Call, docId: unknown, status: string) =>
  call('updateStatus', { method: 'POST', body: JSON.stringify({ docId, status }) })

describe('the document axis of a province by REST', () => {
  it('takes a letter as a form and gives it with its files beside it: list, get, acknowledge', () =>
    scene(async ({ client }) => {
      const [province, office] = [await client('H49'), await client('G22')]
      const sent = await send(province)
      expect(sent.json).to.include({ status: 'OK', ErrorCode: '0' })
      expect((await send(province)).json['DocId'], 'the same again').to.equal(sent.json['DocId'])
      const { docId, status } = await first(office)
      expect(status).to.equal('initial')
      const { data } = await office(`getEdoc?docId=${textOf(docId)}`)
      expect(data['edxml']).to.contain('<edXML:MessageHeader>')
      const [file] = data['attachments'] as readonly Payload[]
      expect(Buffer.from(textOf(file?.['fileContent']), 'base64').toString()).to.match(/^%PDF-1.4/)
      expect((await tell(office, docId, 'done')).json).to.include({ ErrorCode: '0' })
      expect((await office(list)).rows).to.deep.equal([])
      const { rows } = await office('getAgenciesList')
      expect(rows.map(({ code }) => code)).to.include('000.00.05.H49')
    }))

  for (const [told, left] of [
    ['03', 'delivered'],
    ['02', 'refused'],
  ] as const)
    it(`takes the business code ${told} for an acknowledgement: ${left}`, () =>
      scene(async ({ client }) => {
        const [province, office] = [await client('H49'), await client('G22')]
        await send(province)
        const { docId } = await first(office)
        expect((await tell(office, docId, told)).json).to.include({ ErrorCode: '0' })
        expect((await office(list)).rows).to.deep.equal([])
        const again = await tell(office, docId, told === '02' ? 'done' : 'fail')
        expect(again.json['status'], 'it has ended otherwise').to.equal('FAIL')
      }))

  it('answers 401 to a token that does not hold, and 15 to a wrong key beside a good one', () =>
    scene(async ({ client, stranger }) => {
      const province = await client('H49')
      const none = await stranger(list)
      expect([none.status, none.json['code']]).to.deep.equal([401, 401])
      for (const headers of [{ 'x-secretkey': 'sai' }, { 'x-systemid': 'G22.W00' }, { 'x-systemid': '' }]) {
        const wrong = await province(list, { headers })
        expect([wrong.status, wrong.json['ErrorCode']]).to.deep.equal([200, '15'])
      }
    }))

  it('lists by days in the form of the profile, yyyy/mm/dd, and by none', () =>
    scene(async ({ client }) => {
      const [province, office] = [await client('H49'), await client('G22')]
      await send(province)
      await first(office)
      const day = (offset: number) =>
        new Date(Date.now() + (7 + 24 * offset) * 3_600_000).toISOString().slice(0, 10).replaceAll('-', '/')
      const within = (from: string, to: string) =>
        office(`syncReceivedEdocList?messageType=edoc&fromDate=${from}&toDate=${to}`)
      expect((await within(day(-1), day(1))).rows).to.have.length(1)
      expect((await within(day(0), '')).rows).to.have.length(1)
      for (const [from, to] of [
        [day(1), day(2)],
        [day(-2), day(-1)],
      ] as const)
        expect((await within(from, to)).rows, `${from} to ${to}`).to.deep.equal([])
    }))

  it('says by number what is wrong: 10 the file, 19 the sender, 22 the form', () =>
    scene(async ({ client }) => {
      const [province, office] = [await client('H49'), await client('G22')]
      expect((await send(province, Buffer.from('<!DOCTYPE a><a/>'))).json['ErrorCode']).to.equal('10')
      expect((await send(office)).json['ErrorCode']).to.equal('19')
      const nameless = await province('sendEdoc', { method: 'POST', body: form(letter, 'file') })
      expect(nameless.json).to.include({ ErrorCode: '22', DocId: '' })
    }))
})

/** A gateway of an office, for which what answers at `url` is the axis. */
async function withOffice(
  url: string,
  use: (lent: LentGateway, own: ReturnType<typeof createParty>) => Promise<void>,
): Promise<void> {
  const own = createParty({ code: 'G22', options: { format: 'json' } })
  const options = {
    wire,
    url,
    systemId: 'G22.W00',
    username: 'user-G22',
    pollSeconds: 1,
    directorySeconds: 0,
  }
  const axis = createParty({ code: 'TRUC.VB', dialect: 'vxp', options })
  await withGateway([own, axis], {}, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, [own, axis], [admin])
    await secretAt(lent, admin, ['TRUC.VB', 'vxp', key])
    await secretAt(lent, admin, ['TRUC.VB', 'password', password])
    await use(lent, own)
  })
}

interface Stored {
  readonly sender: string
  readonly payload: Payload
}

/** What the office was brought, and the first of its files. */
const stored = (lent: LentGateway, { apiKey }: ReturnType<typeof createParty>) =>
  eventually('the letter', async () => {
    lent.clock.pass(500) // the first look, without the secret, has put the next one off
    const { json } = await lent.call(apiKey, 'GET', '/v1/mailbox')
    const content = (json['deliveries'] as unknown as { content: string }[])[0]?.content
    return content === undefined ? undefined : (JSON.parse(content) as Stored)
  })

const status = {
  ...{ DocumentId: '000.00.05.H49,2026/11/20,27/STN-KT', From: { OrganId: 'G22' } },
  ResponseFor: { OrganId: 'H49.05', DocumentId: '000.00.05.H49,2026/11/20,27/STN-KT' },
  ...{ StatusCode: '03', Timestamp: '20261122080000' },
}

describe('a province that is called by REST', () => {
  it('is asked for letters, each stored with its file and then acknowledged, and is sent statuses', () =>
    scene(({ url, client }) =>
      withOffice(url, async (lent, own) => {
        const [province, office] = [await client('H49'), await client('G22')]
        await send(province)
        const { sender, payload } = await stored(lent, own)
        expect([sender, payload['DocumentId']]).to.deep.equal(['TRUC.VB', status.DocumentId])
        await eventually('the acknowledgement', async () => (await office(list)).rows.length === 0)
        const bytes = await envelopeOf(own, 'document.status', status, { recipients: ['TRUC.VB'] })
        const answer = await lent.call(own.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
        expect(answer.status, answer.text).to.equal(202)
        await eventually('the receipt', async () => {
          lent.clock.pass(500)
          const { json } = await lent.call(own.apiKey, 'GET', `/v1/messages/${textOf(answer.json['id'])}`)
          return (json as Payload)['state'] === 'delivered'
        })
        const { rows } = await province('syncReceivedEdocList?messageType=status')
        expect(rows[0]).to.include({ from: 'G22', messageType: 'status' })
      }),
    ))

  it('is logged in to again where it refuses the token, once for each call', () =>
    withSink((sink) => {
      let logins = 0
      const data = (value: unknown) => JSON.stringify({ code: 0, message: '', data: value })
      sink.answer(({ path, headers }) => {
        if (path.includes('/auth/login')) return { status: 200, body: data({ token: `the-${++logins}` }) }
        if (headers.authorization === 'Bearer the-1')
          return { status: 401, body: JSON.stringify({ code: 401, message: 'license hint' }) }
        return { status: 200, body: data([]) }
      })
      return withOffice(sink.url, async (lent) => {
        await eventually('a look with the second token', async () => {
          lent.clock.pass(500)
          return sink.requests.some(({ headers }) => headers.authorization === 'Bearer the-2')
        })
        const lists = sink.requests.filter(({ path }) => path.includes('syncReceivedEdocList'))
        expect(lists.slice(0, 2).map(({ headers }) => headers.authorization)).to.deep.equal([
          ...['Bearer the-1', 'Bearer the-2'],
        ])
        expect(logins).to.equal(2)
      })
    }))

  it('may give files beside an edXML that only names them: none is lost', () =>
    withSink((sink) => {
      const told: Payload[] = []
      const bare = letter.toString().replace(/<AttachmentEncoded>.*<\/AttachmentEncoded>/s, '')
      expect(bare).not.to.contain('JVBERi0')
      const named = /<(?:\w+:)?AttachmentName>([^<]*)</.exec(bare)?.[1] ?? ''
      const fileContent = Buffer.from('%PDF-1.4 thử').toString('base64')
      sink.answer(({ path, body }) => {
        if (path.includes('updateStatus')) told.push(JSON.parse(body.toString()) as Payload)
        const isWaiting = told.length === 0 && path.includes('messageType=edoc')
        const answers: Readonly<Record<string, unknown>> = {
          login: { token: 'the-khach' },
          syncReceivedEdocList: isWaiting ? [{ docId: 7, status: 'initial', to: 'G22' }] : [],
          getEdoc: { edxml: bare, attachments: [{ fileName: named, fileContent }] },
        }
        const data = answers[/(\w+)(?:\?.*)?$/.exec(path)?.[1] ?? '']
        return { status: 200, body: JSON.stringify({ code: 0, message: '', data }) }
      })
      return withOffice(sink.url, async (lent, own) => {
        const { payload } = await stored(lent, own)
        const files = payload['Attachments'] as readonly Payload[]
        expect(files).to.have.length(1)
        const read = await lent.call(own.apiKey, 'GET', textOf(files[0]?.['Url']).split('?')[0] ?? '')
        expect(read.text).to.equal('%PDF-1.4 thử')
        await eventually('the acknowledgement', async () => told.length > 0)
        expect(told[0]).to.deep.equal({ docId: '7', status: 'done' })
        const last = sink.requests.at(-1)
        expect(last?.headers).to.include({ authorization: 'Bearer the-khach', 'x-secretkey': key })
      })
    }))
})
