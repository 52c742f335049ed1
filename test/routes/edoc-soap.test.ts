import { expect } from 'chai'
import { createClientAsync } from 'soap'
import { readMultipart } from '../../adapters/agencies/mime.ts'
import type { Payload } from '../../schemas/message.ts'
import { busRequest } from '../support/edoc.ts'
import { asks, busScene, codes, organ, token } from '../support/edoc-scene.ts'
import { eventually } from '../support/gateway.ts'
import { withSink } from '../support/sink.ts'

const idIn = (text: string): string => /<edXML:DocumentId>([^<]+)</.exec(text)?.[1] ?? text

describe('the e-doc bus over HTTP', () => {
  it('takes a letter with its file, keeps it, and gives it to whom it is for: list, get, confirm', () =>
    busScene({}, async ({ ask }) => {
      const sent = await ask('SendDocument', { files: { 'tep-1': '%PDF-1.4 nội dung' } })
      expect(idIn(sent), 'a number, as the client of the bus declares it').to.match(/^[1-9]\d*$/)
      expect(sent).to.contain('<edXML:IsSuccess>true<')
      const listed = await eventually('the letter', async () => {
        const text = await ask('GetPendingDocumentIds', asks)
        return text.includes('<edXML:DocumentId>') && text
      })
      const documentId = idIn(listed)
      expect(documentId, 'a number, as the client of the bus declares it').to.match(/^[1-9]\d*$/)
      const got = await ask('GetDocument', { ...asks, documentId })
      expect(got)
        .to.contain('<edXML:Subject>Thử gửi qua bus</edXML:Subject>')
        .and.contain('%PDF-1.4 nội dung')
      expect(got, 'no credential of anybody').not.to.contain('KeyInfo')
      const boundary = /^--(\S+)/.exec(got)?.[1] ?? ''
      const parts: string[] = []
      for await (const { headers } of readMultipart(bytesOf(got), boundary))
        parts.push(headers['content-id'] ?? '')
      expect(parts).to.deep.equal(['<envelope>', '<tep-1>'])
      expect(await ask('ConfirmReceived', { ...asks, documentId })).to.contain('<edXML:IsSuccess>true<')
      expect(await ask('GetPendingDocumentIds', asks)).not.to.contain('<edXML:DocumentId>')
    }))

  it('takes the same letter again as the first, and tells of another under its name that it exists', () =>
    busScene({}, async ({ ask }) => {
      const files = { 'tep-1': '%PDF-1.4 a' }
      const first = await ask('SendDocument', { files })
      expect(idIn(await ask('SendDocument', { files }))).to.equal(idIn(first))
      const other = await ask('SendDocument', { files, subject: 'Khác' })
      expect(other).to.contain('<edXML:IsSuccess>false<').and.contain('<edXML:Code>M.Exist<')
    }))

  it('refuses in a report: a wrong token, an unknown recipient, what is no XML', () =>
    busScene({}, async ({ ask, lent }) => {
      expect(await ask('CheckPermission', { token: 'sai' })).to.contain('<edXML:Code>M.Token<')
      expect(await ask('SendDocument', { to: '000.00.00.Z99' })).to.contain('<edXML:IsSuccess>false<')
      const answer = await fetch(`${lent.url}/edoc-soap`, {
        method: 'POST',
        body: '<!DOCTYPE a><a/>',
        headers: { soapaction: 'SendDocument' },
      })
      expect(await answer.text()).to.contain('DOCTYPE is not accepted')
    }))

  it('describes itself to a client of SOAP, which then calls it', () =>
    busScene({}, async ({ lent }) => {
      const wsdl = await (await fetch(`${lent.url}/edoc-soap?wsdl`)).text()
      const client = await createClientAsync(wsdl, { endpoint: `${lent.url}/edoc-soap` })
      const call = client['GetPendingDocumentIdsAsync'] as (asked: object) => Promise<readonly unknown[]>
      const [answer] = await call.call(client, { OrganId: organ, Token: token })
      expect(answer).to.deep.equal({ DocumentIds: null })
      const [report] = await call.call(client, { OrganId: organ, Token: 'sai' })
      expect(report).to.deep.include({
        Report: { IsSuccess: false, ErrorList: { Error: [errorOf(report)] } },
      })
    }))

  it('calls a bus: the envelope first, with who sends it, then the files; its report is the outcome', () =>
    withSink((sink) =>
      busScene({ url: sink.url, organId: 'TRUC', packaging: 'mtom' }, async ({ ask, lent }) => {
        sink.answer(() => ({
          status: 200,
          headers: { 'content-type': 'text/xml' },
          body: told('<DocumentId>7</DocumentId>'),
        }))
        await ask('SendDocument', { files: { 'tep-1': '%PDF-1.4 gửi đi' } })
        const { headers, body } = await eventually('the letter', async () => sink.requests.at(-1))
        expect(headers).to.include({ soapaction: '"SendDocument"' })
        const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1] ?? ''
        const parts: string[] = []
        for await (const { bytes } of readMultipart(bytesOf(body), boundary)) parts.push(await textOf(bytes))
        expect(parts[0])
          .to.contain('<edXML:Token>khóa-của-trục</edXML:Token>')
          .and.contain('<edXML:OrganId>TRUC<')
        expect(parts[0]).to.contain('xlink:href="cid:tep-1"')
        expect(parts[1]).to.equal('%PDF-1.4 gửi đi')
        const { json } = await lent.call(null, 'GET', '/health/ready')
        expect(json).to.be.an('object')
      }),
    ))

  it('fetches what a bus holds, stores it and confirms it', () =>
    withSink((sink) => {
      const confirmed: string[] = []
      sink.answer(({ headers, body }) => {
        const asked = String(headers['soapaction']).replaceAll('"', '')
        const document = busRequest('SendDocument', {
          files: { 'tep-1': '%PDF-1.4 từ bus' },
          to: '000.00.05.H49',
        })
        if (asked === 'ConfirmReceived') confirmed.push(/<documentId>(\d+)</.exec(body.toString())?.[1] ?? '')
        if (asked === 'GetDocument')
          return {
            status: 200,
            headers: { 'content-type': document.contentType },
            body: document.body.toString(),
          }
        const pending = asked === 'GetPendingDocumentIds' && confirmed.length === 0
        return {
          status: 200,
          headers: { 'content-type': 'text/xml' },
          body: told(pending ? '<DocumentId>41</DocumentId>' : ''),
        }
      })
      return busScene({ url: sink.url, organId: 'TRUC', codes, pollSeconds: 1 }, async ({ ask }) => {
        await eventually('the confirmation', async () => confirmed.length > 0, 15_000)
        expect(confirmed).to.deep.equal(['41'])
        expect(idIn(await ask('GetPendingDocumentIds')), 'waits for the department').to.match(/^\d+$/)
      })
    }))
})

const told = (inner: string) =>
  `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><SendDocumentResponse xmlns="http://www.e-doc.vn/Schema/">${inner}</SendDocumentResponse></e:Body></e:Envelope>`

async function* bytesOf(text: string | Buffer): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text as string)
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

function errorOf(report: unknown): Payload {
  return (report as { Report: { ErrorList: { Error: readonly Payload[] } } }).Report.ErrorList.Error[0]!
}
