import { expect } from 'chai'
import { createClientAsync, type Client } from 'soap'
import { asks, busScene, codes, organ, token, type BusScene } from '../support/edoc-scene.ts'
import { eventually } from '../support/gateway.ts'

const letterId = `${organ},2026/11/20,27/STN`

/** Values of an element, in order. */
const valuesOf = (text: string, name: string): readonly string[] =>
  [...text.matchAll(new RegExp(`<(?:\\w+:)?${name}>([^<]*)<`, 'g'))].map(([, value = '']) => value)

/** A letter of the department, which the province has confirmed. */
async function confirmed(ask: BusScene['ask']): Promise<void> {
  await ask('SendDocument', { files: { 'tep-1': '%PDF-1.4 nội dung' } })
  const [documentId] = await eventually('the letter', async () => {
    const ids = valuesOf(await ask('GetPendingDocumentIds', asks), 'DocumentId')
    return ids.length > 0 && ids
  })
  expect(await ask('ConfirmReceived', { ...asks, ...(documentId && { documentId }) })).to.contain('>true<')
}

const reported = (ask: BusScene['ask']) =>
  ask('UpdateTraces', { ...asks, to: organ, documentId: letterId }).then((answer) =>
    expect(answer).to.contain('<edXML:IsSuccess>true<'),
  )

/** Letter, addressee and code of each report that is listed. */
const reportsIn = (text: string): readonly string[] =>
  valuesOf(text, 'StatusCode').map((code, at) => `${valuesOf(text, 'DocumentId')[at]} ${code}`)

describe('traces and organisations of the e-doc bus', () => {
  it('shows a report to whom it is for, once', () =>
    busScene({ codes, reportsArrival: false }, async ({ ask }) => {
      await confirmed(ask)
      await reported(ask)
      const shown = await eventually('the report', async () => {
        const text = await ask('GetTraces')
        return text.includes('<edXML:Status>') && text
      })
      expect(shown).to.match(/<edXML:GetTracesResponse[^>]*><edXML:Traces><edXML:Status>/)
      expect(reportsIn(shown)).to.deep.equal([`${letterId} 03`])
      expect(valuesOf(shown, 'OrganId')).to.deep.equal(['H37', organ])
      expect(reportsIn(await ask('GetTraces')), 'it was shown').to.deep.equal([])
      expect(reportsIn(await ask('GetTraces', asks)), 'of another body').to.deep.equal([])
      const pending = await ask('GetPendingDocumentIds')
      expect(valuesOf(pending, 'DocumentId'), 'a report is no document').to.deep.equal([])
    }))

  it('shows all that is known since a time, or of one letter, again each time', () =>
    busScene({ codes, reportsArrival: false }, async ({ ask }) => {
      await confirmed(ask)
      const today = { timestamp: '2020/01/01 00:00:00' }
      for (const given of [today, { documentId: letterId }])
        expect(reportsIn(await ask('GetTraces', given)), 'its recipient has it').to.deep.equal([
          `${letterId} 01`,
        ])
      await reported(ask)
      await eventually('the report', async () =>
        reportsIn(await ask('GetTraces', today)).includes(`${letterId} 03`),
      )
      for (const given of [today, { documentId: letterId }, today])
        expect(reportsIn(await ask('GetTraces', given)), 'its own word').to.deep.equal([`${letterId} 03`])
      expect(reportsIn(await ask('GetTraces', { ...asks, ...today })), 'who said it').to.deep.equal([
        `${letterId} 03`,
      ])
      expect(reportsIn(await ask('GetTraces', { documentId: 'H49.05,2026/11/20,28/STN' }))).to.deep.equal([])
      expect(reportsIn(await ask('GetTraces', { timestamp: '2099/01/01 00:00:00' }))).to.deep.equal([])
      expect(await ask('GetTraces', { timestamp: 'hôm qua' })).to.contain('<edXML:Code>T.Timestamp<')
    }))

  it('reports by itself that a letter has arrived, once its recipient confirms it, however often', () =>
    busScene({ codes }, async ({ ask }) => {
      await ask('SendDocument', { files: { 'tep-1': '%PDF-1.4 nội dung' } })
      const documentId = await eventually('the letter', async () => {
        const [id] = valuesOf(await ask('GetPendingDocumentIds', asks), 'DocumentId')
        return id
      })
      for (const time of ['first', 'second'])
        expect(await ask('ConfirmReceived', { ...asks, documentId }), time).to.contain('>true<')
      const shown = await eventually('the report', async () => {
        const text = await ask('GetTraces')
        return text.includes('<edXML:Status>') && text
      })
      expect(reportsIn(shown)).to.deep.equal([`${letterId} 01`])
      expect(valuesOf(shown, 'OrganName')).to.include('Tỉnh Mẫu')
      await reported(ask)
      await eventually('its own word', async () => {
        const codes = reportsIn(await ask('GetTraces'))
        expect(codes, 'not twice').not.to.include(`${letterId} 01`)
        return codes.includes(`${letterId} 03`)
      })
    }))

  it('lists the organisations of the directory by the codes of both generations', () =>
    busScene({ codes, generation: '2022' }, async ({ ask }) => {
      const listed = await ask('GetOrganizations', asks)
      expect(listed).to.match(/<edXML:Organizations><edXML:Organization><edXML:OrganId>/)
      expect(valuesOf(listed, 'OrganId')).to.include.members([organ, 'H37'])
      expect(valuesOf(listed, 'OldOrganId')).to.include.members([organ, '000.00.00.H37'])
    }))

  it('tells of a document that does not wait for the caller by the code of its check, in a report by itself', () =>
    busScene({}, async ({ ask }) => {
      const refused = await ask('GetDocument', { ...asks, documentId: '99' })
      expect(refused).to.contain('<edXML:Code>M.GetDocumentCheckAllow<')
      expect(refused).to.match(/<soap:Body><edXML:Report/)
    }))
})

type Call = (asked: object, options?: object) => Promise<readonly [Record<string, unknown>]>

const callOf = (client: Client, name: string): Call => (client[`${name}Async`] as Call).bind(client) // the package adds one for each operation

/** A client that knows nothing of the bus but its description. */
async function describedClient(url: string): Promise<Client> {
  const wsdl = await (await fetch(`${url}/edoc-soap?wsdl`)).text()
  return createClientAsync(wsdl, { endpoint: `${url}/edoc-soap` })
}

const caller = { OrganId: organ, Token: token }

describe('the description of the e-doc bus', () => {
  it('is enough for a client of SOAP to send a letter with its file as a MIME part', () =>
    busScene({ codes }, async ({ lent, ask }) => {
      const client = await describedClient(lent.url)
      const ns = 'http://www.e-doc.vn/Schema/'
      const head = (name: string, value: object) => client.addSoapHeader({ [name]: value }, '', 'e', ns)
      head('Signature', { KeyInfo: caller })
      head('MessageHeader', {
        From: { OrganId: organ, OrganName: 'Sở Thử nghiệm' },
        To: { OrganId: '000.00.00.H37', OrganName: 'Tỉnh Mẫu' },
        DocumentId: letterId,
        Code: { CodeNumber: '27', CodeNotation: 'STN' },
        PromulgationInfo: { Place: 'Mẫu', PromulgationDate: '2026/11/20' },
        ...{ DocumentType: { Type: '2', TypeName: 'Công văn' }, Subject: 'Gửi bằng mô tả' },
      })
      head('TraceHeaderList', { Bussiness: { BussinessDocType: '0', Paper: '0' } })
      const reference = { attributes: { href: 'cid:tep-1' }, AttachmentName: 'cong-van.pdf' }
      const attachments = [
        { mimetype: 'application/pdf', contentId: 'tep-1', name: 'cong-van.pdf', body: '%PDF-1.4 phần MIME' },
      ]
      const [sent] = await callOf(client, 'SendDocument')(
        { Manifest: { Reference: [reference] } },
        { attachments },
      )
      expect(sent).to.deep.include({ Report: { IsSuccess: true } })
      expect(sent['DocumentId'], JSON.stringify(sent)).to.match(/^\d+$/)
      const [documentId = ''] = await eventually('the letter', async () => {
        const ids = valuesOf(await ask('GetPendingDocumentIds', asks), 'DocumentId')
        return ids.length > 0 && ids
      })
      const got = await ask('GetDocument', { ...asks, documentId })
      expect(got).to.contain('Gửi bằng mô tả').and.contain('%PDF-1.4 phần MIME')
      expect(got).to.contain('<edXML:AttachmentName>cong-van.pdf<')
    }))

  it('is enough for it to report, to ask for traces and for organisations', () =>
    busScene({ codes, reportsArrival: false }, async ({ lent, ask }) => {
      await confirmed(ask)
      const client = await describedClient(lent.url)
      const province = { OrganId: 'H37', Token: asks.token }
      client.addSoapHeader({ Signature: { KeyInfo: province } }, '', 'e', 'http://www.e-doc.vn/Schema/')
      const [answer] = await callOf(
        client,
        'UpdateTraces',
      )({
        Status: {
          From: { OrganId: 'H37' },
          ResponseFor: { OrganId: organ, Code: '27/STN', DocumentId: letterId },
          ...{ StatusCode: '03', Description: 'Đã vào sổ', Timestamp: '2026/11/20 10:02:31' },
        },
      })
      expect(answer).to.deep.equal({ Report: { IsSuccess: true } })
      client.clearSoapHeaders()
      const [traced] = await callOf(client, 'GetTraces')({ ...caller, DocumentId: letterId })
      const { Status } = traced['Traces'] as { readonly Status: readonly Record<string, unknown>[] }
      expect(Status).to.have.lengthOf(1)
      expect(Status[0]).to.deep.include({ StatusCode: '03', Timestamp: '2026/11/20 10:02:31' })
      const [listed] = await callOf(client, 'GetOrganizations')(caller)
      const { Organization } = listed['Organizations'] as { readonly Organization: readonly object[] }
      expect(Organization.length).to.be.at.least(2)
      expect((await callOf(client, 'CheckPermission')(caller))[0]).to.deep.equal({
        Report: { IsSuccess: true },
      })
    }))
})
