import { expect } from 'chai'
import { defaults, type EdocOptions } from '../../../../adapters/agencies/edoc-soap/options.ts'
import { arrivals } from '../../../../adapters/agencies/edoc-soap/arrivals.ts'
import { poll } from '../../../../adapters/agencies/edoc-soap/poll.ts'
import type { Trusted } from '../../../../adapters/agencies/content.ts'
import type { Partner } from '../../../../adapters/agencies/poll.ts'
import type { TransportAnswer } from '../../../../adapters/agencies/transport.ts'
import type { GatewayError } from '../../../../schemas/errors.ts'
import { textOf } from '../../../../schemas/fields.ts'
import type { Message, Payload } from '../../../../schemas/message.ts'
import { parsePayload } from '../../../../schemas/parse.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { createParty } from '../../../support/parties.ts'

interface Asked {
  readonly path: string
  readonly action: string
  readonly type: string
  readonly body: string
}

const now = Date.parse('2026-11-22T10:00:00+07:00')

/** A bus that answers each request by its action or its path; with what it was asked. */
function busWith(answer: (asked: Asked) => string, options: Partial<EdocOptions> = {}) {
  const asked: Asked[] = []
  const settled = new Map<string, Map<string, string>>()
  const rows = new Map<string, Payload>()
  const partner: Partner = {
    agency: createParty({
      code: 'BUS',
      dialect: 'edoc-soap',
      options: { ...options, url: 'https://bus.example.vn/e', organId: 'H49.05' },
    }).agency,
    keys: { secrets: () => ['tôi<&'] } as unknown as Partner['keys'], // a partner is asked with its secrets alone
    keeping: memoryFiles(),
    now: () => now,
    settled: (list) => Promise.resolve(settled.get(list) ?? new Map<string, string>()),
    catalogRow: (catalog, code) => Promise.resolve(rows.get(`${catalog} ${code}`)),
    transport: {
      post: ({ url, headers, body }): Promise<TransportAnswer> => {
        const request = {
          path: url.replace('https://bus.example.vn/e', ''),
          action: (headers['soapaction'] ?? '').replaceAll('"', ''),
          type: headers['type'] ?? '',
          body: Buffer.from(body).toString(),
        }
        asked.push(request)
        const said = Buffer.from(answer(request))
        return Promise.resolve({ status: 200, headers: { 'content-type': 'text/xml' }, body: said })
      },
    },
  }
  /** As a poll does once its messages are stored. */
  async function take(): Promise<readonly Trusted[]> {
    const taken: Trusted[] = []
    for (const waiting of await poll.list(partner, null)) {
      const contents = (await poll.fetch(waiting, partner)) as readonly Trusted[] // a poll trusts its partner
      taken.push(...contents)
      await poll.acknowledge(waiting, { kind: 'taken' }, partner)
      for (const { action, payload } of contents.map(({ header, payload }) => ({ ...header, payload })))
        if (action === 'catalog.changed')
          rows.set(`${textOf(payload['DanhMuc'])} ${textOf(payload['Ma'])}`, payload)
      if (waiting.settles === undefined) continue
      const { list, name, version } = waiting.settles
      const things = settled.get(list) ?? new Map<string, string>()
      settled.set(list, things)
      if (version === null) things.delete(name)
      else things.set(name, version)
    }
    return taken
  }
  return { partner, asked, take, settled }
}

const told = (operation: string, inner: string) =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><e:${operation}Response xmlns:e="http://www.e-doc.vn/Schema/">${inner}</e:${operation}Response></s:Body></s:Envelope>`

const status = (code: string, moment: string, from = '000.00.00.H37') =>
  `<e:Status><e:From><e:OrganId>${from}</e:OrganId></e:From><e:ResponseFor><e:OrganId>H49.05</e:OrganId><e:Code>27/STN</e:Code><e:PromulgationDate>2026-11-20T00:00:00+07:00</e:PromulgationDate><e:DocumentId>D1</e:DocumentId></e:ResponseFor><e:StatusCode>${code}</e:StatusCode><e:Description>Đã vào sổ</e:Description><e:Timestamp>${moment}</e:Timestamp></e:Status>`

const answering =
  (traces: string, documents = '') =>
  ({ action }: Asked): string =>
    told(
      action,
      action === 'GetTraces'
        ? `<e:Traces>${traces}</e:Traces>`
        : `<e:DocumentIds>${documents}</e:DocumentIds>`,
    )

describe('an e-doc bus that is asked', () => {
  it('is asked by the elements that it reads, in no namespace', async () => {
    const { partner, asked } = busWith(answering('', '<e:DocumentId>41</e:DocumentId>'))
    const [document] = await poll.list(partner, null)
    expect(document).to.deep.equal({ id: '41', about: {} })
    const [pending, traces] = asked
    expect(pending?.body).to.contain(
      '<soap:Body><GetPendingDocumentIdsRequest><OrganId>H49.05</OrganId><Token>tôi&lt;&amp;</Token></GetPendingDocumentIdsRequest></soap:Body>',
    )
    expect(traces?.body).to.contain('<GetTraces><OrganId>H49.05</OrganId>')
    await poll.acknowledge({ id: '41', about: {} }, { kind: 'taken' }, partner)
    expect(asked.at(-1)?.body).to.match(/<ConfirmReceived>.*<documentId>41<\/documentId><\/ConfirmReceived>/)
  })

  it('is asked by the elements of our own description where it has that', async () => {
    const { partner, asked } = busWith(answering(''), { requests: 'described' })
    await poll.list(partner, null)
    expect(asked[0]?.body).to.contain('<edXML:GetPendingDocumentIds ').and.contain('<edXML:OrganId>H49.05<')
  })

  it('lists its ids bare or in a list of their own, and no traces where none are wanted', async () => {
    const bare = ({ action }: Asked) => told(action, '<e:DocumentId>7</e:DocumentId>')
    const { partner, asked } = busWith(bare, { pollTraces: false })
    expect(await poll.list(partner, null)).to.deep.equal([{ id: '7', about: {} }])
    expect(asked.map(({ action }) => action)).to.deep.equal(['GetPendingDocumentIds'])
  })

  it('is asked for traces from a time on, so that it does not forget them before they are stored', async () => {
    const { asked, take } = busWith(answering(status('3', '2026/11/22 09:30:00')))
    await take()
    await take()
    const times = asked.flatMap(({ body }) => /<Timestamp>([^<]*)</.exec(body)?.[1] ?? [])
    expect(times).to.deep.equal(['2026/10/23 10:00:00', '2026/11/15 09:30:00'])
  })

  it('tells a report with its code as a number and its dates as XML has them', async () => {
    const { take } = busWith(answering(status('3', '2026-11-22T09:30:00+07:00')))
    const [content] = await take()
    const { header, payload, naturalKey } = content!
    expect(header).to.deep.equal({ sender: 'BUS', recipients: ['H49.05'], action: 'document.status' })
    expect(payload).to.deep.include({ StatusCode: '03', DocumentId: 'D1', Timestamp: '20261122093000' })
    expect(payload['From']).to.deep.include({ OrganId: 'H37' })
    expect(() => parsePayload('document.status', payload)).not.to.throw()
    expect(naturalKey?.slice(0, 2)).to.deep.equal(['edoc.docId', 'TRACE'])
  })

  it('gives reports in order of time, each once, a late one too, and our own never', async () => {
    const at = (minute: string) => `2026/11/22 09:${minute}:00`
    let told = [status('5', at('40')), status('3', at('10')), status('1', at('50'), 'H49.05')]
    const { take } = busWith((asked) => answering(told.join(''))(asked))
    const codes = async () => (await take()).map(({ payload }) => payload['StatusCode'])
    expect(await codes()).to.deep.equal(['03', '05'])
    expect(await codes(), 'again').to.deep.equal([])
    told = [...told, status('4', at('20')), status('4', at('20'))]
    expect(await codes(), 'one that was sent late').to.deep.equal(['04'])
    expect(await codes()).to.deep.equal([])
  })

  it('remembers reports as long as they come again, whatever moment an author claims', async () => {
    let told = [status('3', '2026/11/01 09:00:00'), status('4', '2099/01/01 00:00:00')]
    const { take, settled, asked } = busWith((each) => answering(told.join(''))(each))
    await take()
    told = [status('5', '2026/11/22 09:00:00')]
    await take()
    await take()
    expect(
      [...(settled.get('traces')?.values() ?? [])].map((ms) => new Date(Number(ms)).getUTCDate()),
      'those of 2099 and of today',
    ).to.deep.equal([31, 22])
    expect(asked.at(-1)?.body).to.contain('<Timestamp>2026/11/15 09:00:00<')
  })

  it('gives its documents where it has no traces', async () => {
    const { partner } = busWith(({ action }) =>
      action === 'GetTraces'
        ? '<html/>'
        : answering('', '<e:DocumentId>41</e:DocumentId>')({ path: '', action, type: '', body: '' }),
    )
    const [document, fault] = await poll.list(partner, null)
    expect(document?.id).to.equal('41')
    let reason = ''
    await poll.fetch(fault!, partner).catch((error: unknown) => {
      reason = (error as GatewayError).code
    })
    expect(reason).to.equal('unavailable')
  })

  it('has nothing confirmed of a report', async () => {
    const { partner, asked } = busWith(answering(status('3', '2026/11/22 09:30:00')))
    const [waiting] = await poll.list(partner, null)
    const before = asked.length
    await poll.acknowledge(waiting!, { kind: 'taken' }, partner)
    expect(asked).to.have.lengthOf(before)
  })

  it('is away where a report stands in the place of its list', async () => {
    const { partner } = busWith(({ action }) =>
      told(action, '<e:Report><e:IsSuccess>false</e:IsSuccess></e:Report>'),
    )
    let failed = false
    await poll.list(partner, null).catch(() => {
      failed = true
    })
    expect(failed).to.equal(true)
  })

  it('lists by REST in either form, each document once', async () => {
    const { partner } = busWith(
      ({ type }) =>
        JSON.stringify(
          type === 'EDOC'
            ? {
                code: '0',
                pendingResult: [
                  { docId: 4, organId: 'a' },
                  { docId: 4, organId: 'b' },
                ],
              }
            : { code: '0', docIDs: [9] },
        ),
      { wire: 'rest' },
    )
    expect(await poll.list(partner, null)).to.deep.equal([
      { id: '4', about: { type: 'EDOC' } },
      { id: '9', about: { type: 'STATUS' } },
    ])
  })
})

const organisation = (code: string, name: string, email = '') =>
  `<e:Organization><e:OrganId>${code}</e:OrganId><e:OrganName>${name}</e:OrganName><e:Email>${email}</e:Email></e:Organization>`

describe('the organisations of an e-doc bus', () => {
  const asking = { organisations: { catalog: 'edoc', everySeconds: 3_600 }, pollTraces: false } as const

  it('become a shared catalogue: what is new, what has changed, what is gone', async () => {
    let listed = [organisation('000.00.01.H49', 'Sở Một'), organisation('000.00.02.H49', 'Sở Hai', 'a@b.vn')]
    const { take, settled } = busWith(
      ({ action }) =>
        told(
          action,
          action === 'GetOrganizations' ? `<e:Organizations>${listed.join('')}</e:Organizations>` : '',
        ),
      asking,
    )
    const round = async () => {
      settled.get('rounds')?.clear() // its time has come
      return (await take()).map(({ payload }) => payload)
    }
    const first = await round()
    expect(first).to.deep.equal([
      {
        DanhMuc: 'edoc',
        Ma: '000.00.01.H49',
        ThaoTac: 'them',
        NoiDung: { OrganId: '000.00.01.H49', OrganName: 'Sở Một' },
      },
      {
        ...{ DanhMuc: 'edoc', Ma: '000.00.02.H49', ThaoTac: 'them' },
        NoiDung: { OrganId: '000.00.02.H49', OrganName: 'Sở Hai', Email: 'a@b.vn' },
      },
    ])
    for (const payload of first) expect(() => parsePayload('catalog.changed', payload)).not.to.throw()
    expect(await round(), 'nothing new').to.deep.equal([])
    listed = [organisation('000.00.01.H49', 'Sở Một mới')]
    expect(await round()).to.deep.equal([
      {
        DanhMuc: 'edoc',
        Ma: '000.00.01.H49',
        ThaoTac: 'sua',
        NoiDung: { OrganId: '000.00.01.H49', OrganName: 'Sở Một mới' },
      },
      { DanhMuc: 'edoc', Ma: '000.00.02.H49', ThaoTac: 'bai-bo' },
    ])
  })

  it('are asked for when their time has come, and by REST under names of its own', async () => {
    const { take, asked } = busWith(
      ({ path }) =>
        JSON.stringify({
          ...{ code: '0', docIDs: [] },
          ...(path === '/getOrganizations' && {
            organizations: [{ organId: 'H49', organName: 'Tỉnh', fax: null }],
          }),
        }),
      { ...asking, wire: 'rest' },
    )
    expect((await take()).map(({ payload }) => payload['NoiDung'])).to.deep.equal([
      { OrganId: 'H49', OrganName: 'Tỉnh' },
    ])
    await take()
    expect(
      asked.filter(({ path }) => path === '/getOrganizations'),
      'once an hour',
    ).to.have.lengthOf(1)
  })

  it('are left as they are where half of them is gone at once', async () => {
    let listed = ['1', '2', '3'].map((code) => organisation(code, 'Sở'))
    const { take, settled, partner } = busWith(
      ({ action }) => told(action, `<e:Organizations>${listed.join('')}</e:Organizations>`),
      asking,
    )
    await take()
    settled.get('rounds')?.clear()
    listed = []
    expect((await poll.list(partner, null)).map(({ about }) => about['type'])).to.deep.equal(['FAULT'])
  })
})

describe('what a bus is asked of a document whose answer was lost', () => {
  const letter = (BussinessDocType = '0') =>
    ({
      action: 'document.letter',
      payload: {
        ...{ From: { OrganId: 'H49.05' }, To: [{ OrganId: 'H37' }] },
        ...{ Code: { CodeNumber: '27', CodeNotation: 'STN' }, Bussiness: { BussinessDocType } },
      },
    }) as unknown as Message // what is looked at
  const at = { since: now - 60_000, until: now }

  it('is nothing where it refuses what it has', async () => {
    const { partner, asked } = busWith(() => '')
    expect(await arrivals.ask({ message: letter(), ...at }, partner)).to.equal('absent')
    expect(await arrivals.ask({ message: letter('2'), ...at }, partner), 'an update').to.equal('unknown')
    expect(asked).to.deep.equal([])
    expect(arrivals.afterSeconds(partner.agency)).to.be.above(0)
    expect(arrivals.afterSeconds(busWith(() => '', { tellsRepeats: false }).partner.agency)).to.equal(0)
  })

  it('is by REST whether it exists', async () => {
    for (const [answer, arrived] of [
      [{ code: '200', isExist: true }, 'arrived'],
      [{ code: '200', isExist: false }, 'absent'],
      [{ code: '9999', isExist: false }, 'unknown'],
    ] as const) {
      const { partner, asked } = busWith(() => JSON.stringify(answer), { wire: 'rest', tellsRepeats: false })
      expect(await arrivals.ask({ message: letter(), ...at }, partner)).to.equal(arrived)
      expect(asked[0]?.path).to.equal('/checkExistDocument')
      expect(JSON.parse(asked[0]?.body ?? '')).to.deep.equal({
        ...{ fromOrgan: 'H49.05', toOrgan: 'H37', docCode: '27/STN' },
      })
    }
  })
})

describe('the options of the e-doc bus', () => {
  it('stand for what its own clients and servers do', () => {
    expect(defaults).to.include({
      ...{
        documentIds: 'number',
        requests: 'bare',
        statusPlace: 'body',
        pollTraces: true,
        tellsRepeats: true,
      },
    })
  })
})
