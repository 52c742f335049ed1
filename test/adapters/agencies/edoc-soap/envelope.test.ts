import { expect } from 'chai'
import fc from 'fast-check'
import { canonical } from '../../../../adapters/agencies/canonical.ts'
import { openParts } from '../../../../adapters/agencies/body-parts.ts'
import { encodeEnvelope } from '../../../../adapters/agencies/edoc-soap/envelope.ts'
import { openMessage } from '../../../../adapters/agencies/edoc-soap/message.ts'
import { defaults, type EdocOptions } from '../../../../adapters/agencies/edoc-soap/options.ts'
import { readDocument } from '../../../../adapters/agencies/edoc-soap/read-document.ts'
import {
  credentialsOf,
  operationOf,
  readEnvelope,
} from '../../../../adapters/agencies/edoc-soap/read-envelope.ts'
import type { Encoded } from '../../../../adapters/agencies/encoded.ts'
import type { EdxmlDocument } from '../../../../adapters/agencies/edxml/document.ts'
import { edxmlDefaults } from '../../../../adapters/agencies/edxml/options.ts'
import { childOf } from '../../../../adapters/agencies/edxml/tree.ts'
import { readEdxml } from '../../../../adapters/agencies/edxml/read-message.ts'
import { actions } from '../../../../schemas/actions.ts'
import type { Message, Payload } from '../../../../schemas/message.ts'
import { parsePayload } from '../../../../schemas/parse.ts'
import { messageOf } from '../../../contracts/dialect.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { unsigned } from '../../../support/parts.ts'
import { samplePayload } from '../../../support/payloads.ts'
import { said } from '../../../support/said.ts'
import { busRequest } from '../../../support/edoc.ts'
import { fixture, inPieces } from '../edxml/support.ts'

type Files = ReturnType<typeof memoryFiles>

const stored = (action: 'document.letter' | 'document.status', payload: Payload): Message => ({
  ...messageOf(action),
  payload,
})

function encoded(message: Message, options: Partial<EdocOptions> = {}): Encoded {
  const result = encodeEnvelope(message, { ...defaults, ...options })
  if (result.kind === 'unsupported') throw new Error(result.reason)
  const { parts, ...rest } = result
  return parts === undefined ? rest : { ...rest, parts: unsigned(parts) }
}

/** The bytes that go out. */
async function bytesOf({ body, parts }: Encoded, files: Files): Promise<Buffer> {
  if (parts === undefined) return Buffer.from(body)
  const pieces: Uint8Array[] = []
  for await (const piece of openParts(parts, (id) => files.read(id))) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function read(
  bytes: Uint8Array,
  contentType: string,
  files: Files = memoryFiles(),
): Promise<EdxmlDocument> {
  const { original, attachments } = await openMessage(inPieces(bytes, 11), contentType)
  return readDocument({ envelope: readEnvelope(original), original, attachments }, defaults, files)
}

/** What a letter of edXML says, read by the shared codec. */
async function letterIn(files: Files): Promise<EdxmlDocument> {
  return readEdxml(inPieces(Buffer.from(fixture('letter.edxml')), 64), edxmlDefaults, files)
}

/** Rows whose files lie nowhere are named alone. */
const withoutFiles = (payload: Payload): Payload => ({
  ...payload,
  ...('Attachments' in payload && {
    Attachments: (payload['Attachments'] as readonly Payload[]).map(({ Url: _url, ...row }) => row),
  }),
})

describe('the envelope of the e-doc bus', () => {
  it('carries a letter of edXML with its files to the bus and back, by attachments and by MTOM', async () => {
    const files = memoryFiles()
    const letter = await letterIn(files)
    for (const packaging of ['swa', 'mtom'] as const) {
      const out = encoded(stored('document.letter', letter.payload), { packaging })
      expect(out.contentType).to.contain(packaging === 'mtom' ? 'application/xop+xml' : 'type="text/xml"')
      expect(out.headers).to.deep.equal({ soapaction: '"SendDocument"' })
      const kept = memoryFiles()
      const again = await read(await bytesOf(out, files), out.contentType, kept)
      expect(said(again.payload)).to.deep.equal(said(letter.payload))
      expect([...kept.files.values()].map(String)).to.deep.equal([...files.files.values()].map(String))
    }
  })

  it('writes every element that the bus asks for, even empty, and an ErrorList', () => {
    const { From = {} } = samplePayload('document.letter', 1)
    const xml = Buffer.from(encoded(stored('document.letter', { DocumentId: 'D1', From })).body)
    const { header } = readEnvelope(xml)
    const paths = [
      ...['From/OrganId', 'From/OrganName', 'From/OrganizationInCharge', 'From/OrganAdd', 'From/Email'],
      ...[
        'From/Telephone',
        'From/Fax',
        'From/Website',
        'To/OrganId',
        'To/OrganName',
        'To/OrganAdd',
        'To/Email',
      ],
      ...['To/Telephone', 'To/Fax', 'To/Website', 'Code/CodeNumber', 'Code/CodeNotation'],
      ...['PromulgationInfo/Place', 'PromulgationInfo/PromulgationDate', 'DocumentType/Type'],
      ...['DocumentType/TypeName', 'Subject', 'Content', 'SignerInfo/Competence', 'SignerInfo/FullName'],
      ...[
        'SignerInfo/Position',
        'DueDate',
        'ToPlaces',
        'OtherInfo/Priority',
        'OtherInfo/SphereOfPromulgation',
      ],
      ...[
        'OtherInfo/TyperNotation',
        'OtherInfo/PromulgationAmount',
        'OtherInfo/PageAmount',
        'OtherInfo/Appendixes',
      ],
    ].map((path) => `MessageHeader/${path}`)
    for (const path of [...paths, 'TraceHeaderList/TraceHeader', 'ErrorList']) {
      const found = path.split('/').reduce((node, name) => childOf(node, name), header)
      expect(found?.namespace, path).to.equal('http://www.e-doc.vn/Schema/')
    }
  })

  it('decodes what it has encoded to the same payload', () =>
    fc.assert(
      fc.asyncProperty(
        fc.nat(100_000),
        fc.constantFrom('document.letter', 'document.status'),
        async (n, action) => {
          const payload = samplePayload(action, n)
          const out = encoded(stored(action, withoutFiles(payload)))
          const { payload: parsed } = await read(await bytesOf(out, memoryFiles()), out.contentType)
          expect(said(parsed)).to.deep.include(said(canonical(actions[action].schema, payload)))
          expect(() => parsePayload(action, parsed)).not.to.throw()
        },
      ),
      { numRuns: 30 },
    ))

  it('reads what a client of the bus writes: foreign namespace, Business with one s, its dates, links and credentials', async () => {
    const { body, contentType, soapAction } = busRequest('SendDocument', {
      files: { 'tep-1': '%PDF-1.4 thử' },
    })
    const files = memoryFiles()
    const { original } = await openMessage(inPieces(body, 5), contentType)
    const envelope = readEnvelope(original)
    expect(operationOf(envelope, soapAction)).to.equal('SendDocument')
    expect(credentialsOf(envelope)).to.deep.equal({ organId: '000.00.05.H49', token: 'khóa-thử' })
    const letter = await read(body, contentType, files)
    expect(letter.payload['TraceHeaderList']).to.deep.equal({
      TraceHeader: [{ OrganId: '000.00.05.H49', Timestamp: '20261120091500' }],
    })
    expect(letter.payload['Bussiness']).to.deep.include({ BussinessDocType: '0', Paper: '0' })
    const [row] = letter.payload['Attachments'] as readonly Payload[]
    expect(row).to.deep.include({ ContentId: 'tep-1', AttachmentName: 'cong-van.pdf' })
    expect([...files.files.values()].map(String)).to.deep.equal(['%PDF-1.4 thử'])
    expect(() => parsePayload('document.letter', letter.payload)).not.to.throw()
  })

  it('reads a status from the block that the bus calls Status, and writes it where the bus looks: in the body, without a namespace', async () => {
    const { body, contentType } = busRequest('UpdateTraces')
    const status = await read(body, contentType)
    expect(status.payload).to.deep.include({ StatusCode: '03', Timestamp: '20261120100231' })
    expect(status.recipients).to.deep.equal(['H49'])
    const written = (options: Partial<EdocOptions>) =>
      Buffer.from(encoded(stored('document.status', status.payload), options).body).toString()
    expect(written({})).to.match(
      /<soap:Header><\/soap:Header><soap:Body><Status><From>.*<\/Status><\/soap:Body>/s,
    )
    expect(written({ statusPlace: 'header' })).to.match(
      /<soap:Header><edXML:Status>.*<\/edXML:Status><\/soap:Header><soap:Body><\/soap:Body>/s,
    )
    const plain = written({ statusElement: 'MessageHeader', statusPlace: 'header' })
    expect(plain).to.contain('<edXML:MessageHeader>')
    for (const xml of [written({}), plain])
      expect((await read(Buffer.from(xml), 'text/xml')).payload).to.deep.include({ StatusCode: '03' })
  })

  it('tells what is asked by the SOAPAction, by the body, or by the header', () => {
    const told = (inner: string, action = '') =>
      operationOf(
        readEnvelope(
          Buffer.from(
            `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">${inner}</e:Envelope>`,
          ),
        ),
        action,
      )
    expect(told('<e:Body/>', '"GetTraces"')).to.equal('GetTraces')
    expect(told('<e:Body/>', 'http://www.e-doc.vn/Schema/CheckPermission')).to.equal('CheckPermission')
    expect(told('<e:Body><GetPendingDocumentIdsRequest/></e:Body>')).to.equal('GetPendingDocumentIds')
    expect(told('<e:Header><MessageHeader/></e:Header><e:Body/>')).to.equal('SendDocument')
    expect(told('<e:Header><Status/></e:Header><e:Body/>')).to.equal('UpdateTraces')
    expect(() => told('<e:Body/>', 'Khac')).to.throw()
  })

  it('refuses a DOCTYPE, and what is no SOAP envelope', () => {
    const refused = (xml: string) => expect(() => readEnvelope(Buffer.from(xml))).to.throw()
    refused('<!DOCTYPE x><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"/>')
    refused('<Envelope/>')
    refused('không phải XML')
  })

  it('keeps a part without a reference under the name that it has itself', async () => {
    const { body, contentType } = busRequest('SendDocument', { files: { 'tep-1': 'a', 'tep-2': 'b' } })
    const letter = await read(body, contentType)
    const names = (letter.payload['Attachments'] as readonly Payload[]).map((row) => row['AttachmentName'])
    expect(names).to.deep.equal(['cong-van.pdf', 'tep-2'])
  })

  it('says what it cannot carry', () => {
    expect(encodeEnvelope(messageOf('dossier.submitted'), defaults)).to.include({ kind: 'unsupported' })
  })
})
