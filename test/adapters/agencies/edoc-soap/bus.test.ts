import { expect } from 'chai'
import { defaults, type EdocOptions } from '../../../../adapters/agencies/edoc-soap/options.ts'
import { poll } from '../../../../adapters/agencies/edoc-soap/poll.ts'
import type { Trusted } from '../../../../adapters/agencies/content.ts'
import type { Partner, Waiting } from '../../../../adapters/agencies/poll.ts'
import type { TransportAnswer } from '../../../../adapters/agencies/transport.ts'
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
  const partner: Partner = {
    agency: createParty({
      code: 'BUS',
      dialect: 'edoc-soap',
      options: { ...options, url: 'https://bus.example.vn/e', organId: 'H49.05' },
    }).agency,
    keys: { secrets: () => ['tôi<&'] } as unknown as Partner['keys'], // a partner is asked with its secrets alone
    keeping: memoryFiles(),
    now: () => now,
    settled: () => Promise.resolve(new Map()),
    catalogRow: () => Promise.resolve(undefined),
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
  return { partner, asked }
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

const contentsOf = async (waiting: Waiting, partner: Partner): Promise<Trusted> => {
  const [content] = await poll.fetch(waiting, partner)
  return content as Trusted // a poll trusts its partner
}

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
    const { partner, asked } = busWith(answering(''))
    await poll.list(partner, null)
    await poll.list(partner, String(Date.parse('2026-11-22T09:00:00+07:00')))
    expect(asked.filter(({ action }) => action === 'GetTraces').map(({ body }) => body)).to.satisfy(
      ([first = '', later = '']: readonly string[]) =>
        first.includes('<Timestamp>2026/10/23 10:00:00<') &&
        later.includes('<Timestamp>2026/11/21 09:00:00<'),
    )
  })

  it('tells a report with its code as a number and its dates as XML has them', async () => {
    const { partner } = busWith(answering(status('3', '2026-11-22T09:30:00+07:00')))
    const [waiting] = await poll.list(partner, null)
    expect(waiting?.mark).to.equal(String(Date.parse('2026-11-22T09:30:00+07:00')))
    const { header, payload, naturalKey } = await contentsOf(waiting!, partner)
    expect(header).to.deep.equal({ sender: 'BUS', recipients: ['H49.05'], action: 'document.status' })
    expect(payload).to.deep.include({ StatusCode: '03', DocumentId: 'D1', Timestamp: '20261122093000' })
    expect(payload['From']).to.deep.include({ OrganId: 'H37' })
    expect(() => parsePayload('document.status', payload)).not.to.throw()
    expect(naturalKey).to.deep.equal(['edoc.docId', 'TRACE', waiting?.id])
  })

  it('reports in order of time; a late one comes again until it is known, our own never', async () => {
    const at = (minute: string) => `2026/11/22 09:${minute}:00`
    const { partner } = busWith(
      answering(
        status('5', at('40')) +
          status('4', at('20')) +
          status('3', at('10')) +
          status('1', at('50'), 'H49.05'),
      ),
    )
    const mark = String(Date.parse('2026-11-22T09:20:00+07:00'))
    const listed = await poll.list(partner, mark)
    const codes = await Promise.all(
      listed.map(async (waiting) => (await contentsOf(waiting, partner)).payload['StatusCode']),
    )
    expect(codes).to.deep.equal(['03', '04', '05'])
    expect(listed.map((waiting) => waiting.mark)).to.deep.equal([
      undefined,
      undefined,
      String(Date.parse('2026-11-22T09:40:00+07:00')),
    ])
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
