import { expect } from 'chai'
import { parsePayload } from '../../../../schemas/parse.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { codeOf, fixture, partsOf, read, stored, write } from './support.ts'

const letter = fixture('letter.edxml')
const status = fixture('status.edxml')

const changed = (xml: string, from: string | RegExp, to: string): string => {
  const after = xml.replace(from, to)
  expect(after, String(from)).not.to.equal(xml)
  return after
}

/** The payload of a message, which intake would take. */
async function taken(xml: string): Promise<Payload> {
  const { action, payload } = await read(xml)
  return parsePayload(action, payload).payload
}

const refusal = async (xml: string): Promise<string> => codeOf(taken(xml))

describe('traps of edXML, reading', () => {
  it('prefix, order of elements, place of attachments and a byte order mark do not matter', async () => {
    const plain = await taken(letter)
    const bare = letter.replaceAll('edXML:', '').replaceAll('xmlns:edXML=', 'xmlns=')
    const attachments = /<AttachmentEncoded>[^]*<\/AttachmentEncoded>/.exec(letter)?.[0] ?? ''
    const first = changed(
      letter.replace(attachments, ''),
      '<edXML:edXMLEnvelope',
      `${attachments}<edXML:edXMLEnvelope`,
    )
    const traces = /<edXML:TraceHeaderList>[^]*<\/edXML:TraceHeaderList>/.exec(letter)?.[0] ?? ''
    const turned = changed(
      letter.replace(traces, ''),
      '<edXML:MessageHeader>',
      `${traces}<edXML:MessageHeader>`,
    )
    for (const xml of [bare, first, turned, `\uFEFF${letter}`]) expect(await taken(xml)).to.deep.equal(plain)
  })

  it('Business and Bussiness are one; the official client loses the first silently', async () => {
    expect(await taken(letter.replaceAll('Bussiness', 'Business'))).to.deep.equal(await taken(letter))
  })

  it('MessageHeader of a status may be called Status', async () => {
    expect(await taken(status.replaceAll('MessageHeader', 'Status'))).to.deep.equal(await taken(status))
  })

  it('an empty or literal "null" hop is tolerated', async () => {
    const { TraceHeaderList } = await taken(changed(letter, '2026/11/20 10:41:00', 'null'))
    expect((TraceHeaderList as { TraceHeader: unknown[] }).TraceHeader[1]).to.deep.equal({})
  })

  it('a status code keeps its leading zero, and an unknown one is carried', async () => {
    expect((await taken(status))['StatusCode']).to.equal('03')
    expect((await taken(changed(status, '>03<', '>07<')))['StatusCode']).to.equal('07')
  })

  it('a letter without DocumentId is named as the official client names it, not by a random UUID', async () => {
    const unnamed = changed(
      letter,
      /<edXML:DocumentId>[^<]*<\/edXML:DocumentId>\s*<edXML:Code>/,
      '<edXML:Code>',
    )
    expect((await taken(unnamed))['DocumentId']).to.equal('000.00.05.H49,2026/11/20,27/STN-KT')
    expect(await refusal(changed(unnamed, '>27<', '><'))).to.equal('invalid_field')
  })

  it('dates of every form are read; what is none is refused instead of silently lost', async () => {
    const dated = async (text: string) =>
      ((await taken(changed(letter, '2026/11/20<', `${text}<`)))['PromulgationInfo'] as Payload)[
        'PromulgationDate'
      ]
    for (const text of ['2026-11-20', '20/11/2026', '2026-11-20T00:00:00+07:00'])
      expect(await dated(text), text).to.equal('20261120000000')
    expect(await dated('')).to.equal(undefined)
    expect(await refusal(changed(letter, '2026/11/20<', '31/02/2026<'))).to.equal('invalid_field')
    const timed = changed(status, '2026/11/20 14:05:09', '2026/11/20')
    expect((await taken(timed))['Timestamp']).to.equal('20261120000000')
  })

  it('priority and type that no list holds are kept', async () => {
    const { OtherInfo, DocumentType } = await taken(
      letter
        .replace('>1</edXML:Priority', '>khẩn</edXML:Priority')
        .replace('>2</edXML:Type>', '>18</edXML:Type>'),
    )
    expect([(OtherInfo as Payload)['Priority'], (DocumentType as Payload)['Type']]).to.deep.equal([
      'khẩn',
      '18',
    ])
  })

  it('an absent To is no crash, but nobody to send to', async () => {
    const { recipients, payload } = await read(letter.replaceAll(/<edXML:To>[^]*?<\/edXML:To>/g, ''))
    expect([recipients, payload['To']]).to.deep.equal([[], undefined])
  })

  it('an unknown signature is reported as not evaluated', async () => {
    const signed = changed(
      letter,
      '</edXML:edXMLHeader>',
      '<edXML:Signature>x</edXML:Signature></edXML:edXMLHeader>',
    )
    expect((await read(signed)).signature).to.equal('not-evaluated')
    expect((await read(letter)).signature).to.equal('none')
  })

  it('another namespace is refused with its reason, but on a bus that has it', async () => {
    const foreign = letter.replaceAll(
      'http://www.mic.gov.vn/TBT/QCVN_102_2016',
      'http://www.e-doc.vn/Schema/',
    )
    expect(await refusal(foreign)).to.equal('malformed_xml')
    expect((await read(foreign, { options: { profile: 'soap' } })).kind).to.equal('letter')
  })

  it('DOCTYPE, entities, depth, width and what is no UTF-8 are refused', async () => {
    const doctype = changed(letter, '<edXML ', '<!DOCTYPE edXML [<!ENTITY a "aaaa">]><edXML ')
    expect(await refusal(doctype)).to.equal('malformed_xml')
    expect(await refusal(changed(letter, 'Diễn tập', '&xxe;'))).to.equal('malformed_xml')
    expect(await refusal(`x${letter}`)).to.equal('malformed_xml')
    expect(
      await refusal(changed(letter, 'Diễn tập liên thông<', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}<`)),
    ).to.equal('too_large')
    expect(await refusal(changed(letter, 'Diễn tập', '<a/>'.repeat(60_000)))).to.equal('too_large')
    expect(await refusal(changed(letter, 'cap="2"', `cap="${'x'.repeat(5_000)}"`))).to.equal('too_large')
    expect(
      await refusal(changed(letter, 'cap="2"', Array.from({ length: 65 }, (_, n) => `a${n}=""`).join(' '))),
    ).to.equal('too_large')
    expect(await refusal(changed(letter, 'Diễn tập', 'x'.repeat(1_500_000)))).to.equal('too_large')
    expect(await codeOf(read(Buffer.from(letter, 'latin1')))).to.equal('malformed_xml')
    expect(await refusal(letter.slice(0, -9))).to.equal('malformed_xml')
  })
})

describe('traps of edXML, writing', () => {
  it('writes the prefixes, the order and the forms of the official client, and no mark', async () => {
    const files = memoryFiles()
    const { payload } = await read(letter, { files })
    const xml = await write(stored('document.letter', payload), { files })
    expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="')).to.equal(true)
    const order = [
      '<edXML:From>',
      '<edXML:To>',
      '<edXML:DocumentId>',
      '<edXML:Code>',
      '<edXML:PromulgationInfo>',
      '<edXML:DocumentType>',
      '<edXML:Subject>',
      '<edXML:SignerInfo>',
      '<edXML:DueDate>2026/12/01<',
      '<edXML:OtherInfo>',
      '<edXML:ResponseFor>',
      '<edXML:SteeringType>',
      '<edXML:ToPlaces>',
      '<edXML:TraceHeaderList><edXML:Bussiness>',
      '<edXML:Timestamp>2026/11/20 10:40:05<',
      '<edXML:edXMLManifest version="1.0">',
      '<AttachmentEncoded><Attachment><ContentId>cid:tep-1<',
      '<edXML:ContentTransferEncoded xmlns:edXML=',
    ]
    const places = order.map((part) => xml.indexOf(part))
    expect(places).to.deep.equal([...places].sort((a, b) => a - b))
    expect(places[0]).to.be.above(0)
  })

  it('never leaves out what a peer cannot do without: SteeringType is never empty, Direction and Bussiness spelled as they are', async () => {
    const xml = await write(stored('document.letter', { DocumentId: 'x', From: { OrganId: 'H49' } }))
    for (const part of [
      '<edXML:SteeringType>0<',
      '<edXML:Priority>0<',
      '<edXML:Type>2<',
      '<edXML:BussinessDocType>0<',
      '<edXML:TraceHeader><edXML:OrganId>H49<',
      '<AttachmentEncoded></AttachmentEncoded>',
    ])
      expect(xml).to.include(part)
  })

  it('writes every element, even empty, and ErrorList on the SOAP bus', async () => {
    const xml = await write(stored('document.letter', { DocumentId: 'x' }), { options: { profile: 'soap' } })
    for (const part of ['<edXML:Fax/>', '<edXML:DueDate/>', '<edXML:TypeDetail/>', '<edXML:ErrorList>'])
      expect(xml).to.include(part)
  })

  it('says what is too long, what is no date and who is named twice, before it goes out', async () => {
    const { payload } = await read(letter)
    const sent =
      (fields: Payload, options = {}) =>
      () =>
        partsOf(stored('document.letter', { ...payload, ...fields }), options)
    expect(sent({ Code: { CodeNumber: '000.00.14.H20-200703-0002' } })).to.throw('Code.CodeNumber is longer')
    expect(sent({ Code: { CodeNumber: '000.00.14.H20-200703-0002' } }, { anyLength: true })).not.to.throw()
    expect(sent({ DueDate: 'mai' })).to.throw('not a date')
    expect(sent({ To: [{ OrganId: 'G22' }, { OrganId: 'G22' }] })).to.throw('twice')
    expect(
      sent({ Attachments: [{ AttachmentName: 'a.pdf', Url: 'https://tep.example.vn/a.pdf' }] }),
    ).to.throw('does not lie here')
    expect(sent({ 'không phải tên': 'x' })).to.throw('no name of an element')
    expect(() => partsOf({ ...stored('document.letter', payload), action: 'dossier.submitted' })).to.throw(
      'not dossier.submitted',
    )
  })

  it('writes codes in the generation that the partner has, and its own for those it names itself', async () => {
    const options = {
      generation: '2016',
      codes: { '000.00.05.H49': 'H49.05', 'vxp.saas.07': 'H37' },
    } as const
    const xml = await write(
      stored('document.letter', {
        DocumentId: 'x',
        From: { OrganId: 'H49.05' },
        To: [{ OrganId: 'G22' }, { OrganId: 'H37' }],
      }),
      { options },
    )
    for (const code of ['000.00.05.H49', '000.00.00.G22', 'vxp.saas.07'])
      expect(xml).to.include(`<edXML:OrganId>${code}<`)
    const { sender, recipients } = await read(xml.replace('vxp.saas.07', 'VXP.SAAS.07'), { options })
    expect([sender, ...recipients]).to.deep.equal(['H49.05', 'G22', 'H37'])
  })
})
