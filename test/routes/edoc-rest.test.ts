import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { openDatabase } from '../../adapters/store/open-database.ts'
import type { Agency } from '../../schemas/agency.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'
import { admit, createPerson } from '../support/people.ts'
import { withSink } from '../support/sink.ts'

const organ = '000.00.05.H49'
const token = 'khóa-thử'
const letter = readFileSync(new URL('../fixtures/edxml/letter.edxml', import.meta.url))

interface Answer {
  readonly code: string
  readonly docId?: number
  readonly docIDs?: readonly number[]
  readonly pendingResult?: readonly object[]
  readonly isExist?: boolean
  readonly organizations?: readonly Readonly<Record<string, string>>[]
  readonly data?: string
  readonly errors: readonly { readonly code: string; readonly description: string }[]
}

type Ask = (verb: string, headers?: Readonly<Record<string, string>>, body?: Uint8Array) => Promise<Answer>

const office = createParty({ code: 'G22', dialect: 'native-json' })

/** A department that speaks REST to the bus, and a province that does so too or is a bus itself. */
function scene(
  options: Agency['options'],
  use: (ask: Ask, lent: LentGateway) => Promise<void>,
): Promise<void> {
  const codes = { [organ]: 'H49.05' }
  const department = createParty({ code: 'H49.05', dialect: 'edoc-soap', options: { codes, wire: 'rest' } })
  const others = [
    createParty({ code: 'H37', dialect: 'edoc-soap', options: { wire: 'rest', ...options } }),
    office,
  ]
  const parties = [department, ...others]
  return withGateway(parties, {}, async (lent) => {
    const admin = createPerson('admin')
    await admit(lent, parties, [admin], {})
    const put = async (code: string, name: string, value: string) => {
      const path = `/admin/v1/agencies/${code}/secrets/${encodeURIComponent(name)}`
      const secret = { type: 'application/json', bytes: JSON.stringify({ value }) }
      expect((await lent.call(admin.apiKey, 'PUT', path, secret)).status).to.be.below(300)
    }
    await put('H37', 'token', 'khoa-cua-truc')
    await put('H37', 'account:edoc-soap:H37', 'khoa-H37')
    await put('H49.05', `account:edoc-soap:${organ}`, Buffer.from(token).toString('base64'))
    const ask: Ask = async (verb, headers = {}, body) => {
      const answer = await fetch(`${lent.url}/EdocService/${verb}`, {
        method: /^get(?:PendingDocIds|Organizations)/.test(verb) ? 'GET' : 'POST',
        headers: {
          ...{ organId: organ, Authorization: Buffer.from(token).toString('base64') },
          ...{ type: 'EDOC', 'content-type': 'application/octet-stream' },
          ...headers,
        },
        ...(body === undefined ? {} : { body }),
      })
      expect(answer.status).to.equal(200)
      return (await answer.json()) as Answer
    }
    await use(ask, lent)
  })
}

const province = { organId: 'H37', Authorization: 'khoa-H37' }

describe('the e-doc bus by REST', () => {
  it('takes a letter and gives it to whom it is for as base64 of edXML: list, get, confirm', () =>
    scene({}, async (ask) => {
      const sent = await ask('sendDocument', {}, letter)
      expect(sent.docId, JSON.stringify(sent)).to.be.a('number')
      expect((await ask('sendDocument', {}, letter)).docId, 'the same again').to.equal(sent.docId)
      const [number = 0] = await eventually('the letter', async () => {
        const { docIDs = [] } = await ask('getPendingDocIds', province)
        return docIDs.length > 0 && docIDs
      })
      expect(number, 'as the client declares it').to.be.a('number')
      expect((await ask('getPendingDocIds', province)).docIDs, 'each time the same').to.deep.equal([number])
      const docId = String(number)
      expect((await ask('getDocument', { docId })).code, 'another body').to.equal('9999')
      const { data = '' } = await ask('getDocument', { ...province, docId })
      const xml = Buffer.from(data, 'base64').toString()
      expect(xml).to.contain('<edXML xmlns="http://www.mic.gov.vn/TBT/QCVN_102_2016">').and.contain('JVBERi0')
      expect((await ask('confirmReceived', { ...province, docId })).code).to.equal('0')
      expect((await ask('getPendingDocIds', province)).docIDs).to.deep.equal([])
    }))

  for (const last of [2 ** 31 + 4, 2 ** 53 - 100])
    it(`names what waits by a number that a client holds in 64 bits: ${last + 2}`, () =>
      scene({}, async (ask, { dir }) => {
        const { knex } = openDatabase(`sqlite:${dir}/gateway.db`)
        await knex('number_series').insert({ series: 'delivery', last_number: last })
        await knex.destroy()
        expect((await ask('sendDocument', {}, letter)).docId, 'the number of what was sent').to.equal(
          last + 1,
        )
        const docIDs = await eventually('the letter', async () => {
          const pending = (await ask('getPendingDocIds', province)).docIDs ?? []
          return pending.length > 0 && pending
        })
        expect(docIDs).to.deep.equal([last + 2])
        const docId = String(last + 2)
        expect((await ask('getDocument', { ...province, docId })).data).to.be.a('string')
        expect((await ask('confirmReceived', { ...province, docId: String(2 ** 53) })).code).to.equal('9999')
        expect((await ask('confirmReceived', { ...province, docId })).code).to.equal('0')
        expect((await ask('getPendingDocIds', province)).docIDs).to.deep.equal([])
      }))

  it('lists what waits in both forms of the list, with whom it is for', () =>
    scene({}, async (ask) => {
      await ask('sendDocument', {}, letter)
      const { docIDs, pendingResult } = await eventually('the letter', async () => {
        const listed = await ask('getPendingDocIds', province)
        return (listed.docIDs ?? []).length > 0 && listed
      })
      expect(pendingResult).to.deep.equal([{ docId: docIDs?.[0], organId: 'H37' }])
    }))

  it('lists the organisations, all or those of one and below it', () =>
    scene({}, async (ask) => {
      const { organizations = [], code } = await ask('getOrganizations')
      expect(code).to.equal('0')
      expect(organizations.map(({ organId: id }) => id)).to.include.members([organ, 'H37', 'G22'])
      expect(organizations.find(({ organId: id }) => id === 'H37')).to.include({
        ...{ oldOrganId: '000.00.00.H37', email: '', website: '' },
      })
      for (const query of ['organId=H37', 'domain=h37'])
        expect(
          (await ask(`getOrganizations?${query}`)).organizations?.map((row) => row['organId']),
        ).to.deep.equal(['H37'])
      expect((await ask('getOrganizations?organId=H99')).organizations).to.deep.equal([])
    }))

  it('says whether a letter is stored, to its parties, with the code 200', () =>
    scene({ codes: { [organ]: 'H49.05' } }, async (ask) => {
      const check = (headers: Readonly<Record<string, string>>, asked: object) =>
        ask(
          'checkExistDocument',
          { ...headers, 'content-type': 'application/json' },
          Buffer.from(JSON.stringify(asked)),
        )
      const asked = { fromOrgan: organ, toOrgan: 'H37', docCode: '27/STN-KT' }
      expect(await check({}, asked)).to.deep.include({ code: '200', isExist: false })
      await ask('sendDocument', {}, letter)
      for (const headers of [{}, province])
        expect(await check(headers, asked)).to.deep.include({ code: '200', isExist: true })
      expect((await check({}, { ...asked, docCode: '28/STN-KT' })).isExist).to.equal(false)
      expect((await check({}, { ...asked, fromOrgan: 'H37', toOrgan: 'G22' })).code, 'of others').to.equal(
        '9999',
      )
      expect((await check({}, { fromOrgan: organ })).errors[0]?.code).to.equal('N.toOrgan')
    }))

  it('refuses with the code 9999 and says why, with the status 200', () =>
    scene({}, async (ask) => {
      const wrong = await ask('getPendingDocIds', { Authorization: 'sai' })
      expect(wrong).to.deep.include({ code: '9999', status: 'Fail' })
      expect(wrong.errors[0]?.code).to.equal('M.Token')
      expect((await ask('sendDocument', { type: 'KHAC' }, letter)).errors[0]?.code).to.equal('M.type')
      expect((await ask('sendDocument', {}, Buffer.from('<!DOCTYPE a><a/>'))).code).to.equal('9999')
    }))

  it('sends to a bus by REST, with who sends it in the headers', () =>
    withSink((sink) =>
      scene({ url: sink.url, organId: 'TRUC' }, async (ask) => {
        sink.answer(() => ({ status: 200, body: '{"status":"Success","code":"0","docId":7,"errors":[]}' }))
        await ask('sendDocument', {}, letter)
        const { path, headers, body } = await eventually('the letter', async () => sink.requests.at(-1))
        expect(path).to.equal('/in/sendDocument')
        expect(headers).to.include({ organid: 'TRUC', authorization: 'khoa-cua-truc', type: 'EDOC' })
        expect(body.toString()).to.contain('<edXML:MessageHeader>').and.contain('JVBERi0')
      }),
    ))

  it('fetches what a bus holds, stores it and confirms it, letters before statuses', () =>
    withSink((sink) => {
      const confirmed: unknown[] = []
      sink.answer(({ path, headers }) => {
        const isPending = confirmed.length === 0 && headers['type'] === 'EDOC'
        const answers: Readonly<Record<string, object>> = {
          getPendingDocIds: { docIDs: isPending ? [41] : [] },
          getDocument: { data: letter.toString('base64') },
          confirmReceived: {},
        }
        const verb = path.replace(/^.*\//, '')
        if (verb === 'confirmReceived') confirmed.push(headers['docid'])
        return { status: 200, body: JSON.stringify({ status: 'Success', code: '0', ...answers[verb] }) }
      })
      return scene({ url: sink.url, organId: 'TRUC', pollSeconds: 1 }, async (_ask, lent) => {
        await eventually('the confirmation', async () => confirmed.length > 0, 15_000)
        expect(confirmed).to.deep.equal(['41'])
        const { text } = await lent.call(office.apiKey, 'GET', '/v1/mailbox')
        expect(text).to.contain('document.letter').and.contain('27-STN-KT.pdf')
      })
    }))
})
