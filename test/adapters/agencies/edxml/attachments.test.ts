import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { deflateRawSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import { decodeBase64, encodeBase64 } from '../../../../adapters/agencies/base64.ts'
import type { Attachment } from '../../../../adapters/agencies/edxml/document.ts'
import { firstEntry, oneEntry } from '../../../../adapters/agencies/zip.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { codeOf, fixture, inPieces, read, stored, write } from './support.ts'

const pdf = Buffer.from('%PDF-1.7\n% mẫu\n')

async function bytesOf(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(piece)
  return Buffer.concat(pieces)
}

const zipped = (content: Uint8Array, entry = 'c0ffee.pdf') =>
  bytesOf(oneEntry(entry, Readable.from([Buffer.from(content)])))

interface Given {
  readonly name: string
  readonly type?: string
  readonly base64: string
}

/** The letter of the fixture with one attachment of this kind, as the reader has it, with what was stored of it. */
async function attached({ name, type = 'application/pdf', base64 }: Given) {
  const files = memoryFiles()
  const xml = fixture('letter.edxml')
    .replaceAll('27-STN-KT.pdf', name)
    .replaceAll('application/pdf', type)
    .replace(/JVBERi0[^<]*/, base64)
  const document = await read(xml, { files, pieceBytes: 61 })
  const [attachment] = document.kind === 'letter' ? document.attachments : []
  if (attachment === undefined) throw new Error('no attachment')
  return { attachment, row: rowOf(document.payload), content: files.files.get(attachment.file) }
}

const rowOf = ({ Attachments }: Payload) => (Attachments as readonly Payload[])[0] ?? {}

describe('attachments of edXML', () => {
  it('of a type that is not what they are take the type of their bytes', async () => {
    const { attachment, row, content } = await attached({
      name: 'a.pdf',
      type: 'text/html',
      base64: pdf.toString('base64'),
    })
    expect([attachment.type, row['ContentType'], content]).to.deep.equal([
      'application/pdf',
      'application/pdf',
      pdf,
    ])
  })

  it('wrapped in a ZIP are unwrapped whatever type is declared, and the name of the entry means nothing', async () => {
    const base64 = (await zipped(pdf, 'x.bin')).toString('base64')
    for (const type of ['application/zip', 'application/pdf', 'application/octet-stream']) {
      const { attachment, content } = await attached({ name: 'a.pdf', type, base64 })
      expect([attachment.type, attachment.size, content]).to.deep.equal([
        'application/pdf',
        pdf.byteLength,
        pdf,
      ])
    }
  })

  it('declared as a ZIP that they are not are kept as they are: no message dies of it', async () => {
    const { attachment, content } = await attached({
      name: 'a.pdf',
      type: 'application/zip',
      base64: pdf.toString('base64'),
    })
    expect([attachment.fault, content]).to.deep.equal([undefined, pdf])
  })

  it('that are archives by name stay archives, unless an entry of the same kind is all that they hold', async () => {
    const archive = await zipped(pdf, 'cong-van.pdf')
    const kept = await attached({
      name: 'ho-so.zip',
      type: 'application/zip',
      base64: archive.toString('base64'),
    })
    expect(kept.content).to.deep.equal(archive)
    const sheet = await zipped(Buffer.from('bảng'), '[Content_Types].xml')
    const bare = await attached({
      name: 'bang.xlsx',
      type: 'application/zip',
      base64: sheet.toString('base64'),
    })
    expect(bare.content).to.deep.equal(sheet)
    const wrapped = (await zipped(sheet, 'f00d.xlsx')).toString('base64')
    expect(
      (await attached({ name: 'bang.xlsx', type: 'application/zip', base64: wrapped })).content,
    ).to.deep.equal(sheet)
  })

  it('in a ZIP that is damaged are kept and say so; one that grows beyond measure is refused', async () => {
    const archive = await zipped(randomBytes(5_000))
    archive.fill(0xff, 40, 60)
    const { attachment, row } = await attached({ name: 'a.png', base64: archive.toString('base64') })
    expect([attachment.fault, row['Fault']]).to.deep.equal(['bad-zip', 'bad-zip'])
    const bomb = (await zipped(Buffer.alloc(30_000_000))).toString('base64')
    expect(await codeOf(attached({ name: 'a.png', base64: bomb }))).to.equal('too_large')
  })

  it('that are PDF destroyed by a conversion of text are found out, and not repaired', async () => {
    const whole = Buffer.concat([pdf, randomBytes(3_000)])
    const destroyed = Buffer.from(whole.toString('utf8'))
    const { attachment, content } = await attached({ name: 'a.pdf', base64: destroyed.toString('base64') })
    expect([attachment.fault, content]).to.deep.equal(['corrupt-pdf', destroyed])
    expect((await attached({ name: 'a.pdf', base64: whole.toString('base64') })).attachment.fault).to.equal(
      undefined,
    )
  })

  it('in broken lines, with references for line ends, and in CDATA are read; bad base64 is refused with the place', async () => {
    const base64 = pdf.toString('base64')
    const lines = base64.replace(/.{6}/g, '$&&#13;\r\n')
    for (const text of [lines, `\n  ${base64}\n`, `<![CDATA[${base64}]]>`, `\n<![CDATA[${base64}]]>\n`])
      expect((await attached({ name: 'a.pdf', base64: text })).content, text).to.deep.equal(pdf)
    for (const text of ['JVBE*i0x', 'JVBERi0', 'JVBE=i0x', `${base64.slice(0, 4)}==${base64}`, 'JVBE&lt;i0x'])
      expect(await codeOf(attached({ name: 'a.pdf', base64: text })), text).to.equal('invalid_field')
    expect(await codeOf(attached({ name: 'a.pdf', base64: 'JVBE<!-- -->Ri0x' }))).to.equal('malformed_xml')
  })

  it('are paired by ContentId with cid: any number of times; what the manifest alone lists is kept', async () => {
    const xml = fixture('letter.edxml')
      .replace('>cid:tep-1<', '>cid:cid:tep-1<')
      .replace('<ContentId>cid:', '<ContentId>')
    const { payload } = await read(xml)
    expect(rowOf(payload)).to.include({ ContentId: 'tep-1', Description: 'Bản ký' })
    expect(payload['Attachments']).to.have.length(1)
    const listed = fixture('letter.edxml').replace(/<AttachmentEncoded>[^]*<\/AttachmentEncoded>/, '')
    expect(rowOf((await read(listed)).payload)).to.include({
      ContentId: 'tep-1',
      AttachmentName: '27-STN-KT.pdf',
    })
  })

  it('more than a message may refer to are refused', async () => {
    const [one = ''] = /<Attachment>[^]*<\/Attachment>/.exec(fixture('letter.edxml')) ?? []
    const xml = fixture('letter.edxml').replace(one, one.repeat(201))
    expect(await codeOf(read(xml, { pieceBytes: 4_096 }))).to.equal('too_large')
  })

  it('go out as the official client packs them: some as they are, all else in a ZIP of one entry', async () => {
    const files = memoryFiles()
    const [file, archive] = [
      await files.keep(Readable.from([pdf])),
      await files.keep(Readable.from([await zipped(pdf)])),
    ]
    const rows: readonly (readonly [string, Pick<Attachment, 'file' | 'type'>, string])[] = [
      ['a.pdf', { file: file.id, type: file.mediaType }, 'application/pdf'],
      ['a.DOCX', { file: file.id, type: file.mediaType }, 'application/docx'],
      ['a.zip', { file: archive.id, type: archive.mediaType }, 'application/zip'],
      ['khong-phai.zip', { file: file.id, type: file.mediaType }, 'application/octet-stream'],
      ['a.xlsx', { file: file.id, type: file.mediaType }, 'application/zip'],
      ['không đuôi', { file: file.id, type: file.mediaType }, 'application/zip'],
    ]
    for (const [name, { file: id, type }, written] of rows) {
      const row = { ContentId: 't1', AttachmentName: name, ContentType: type, Url: `/v1/files/${id}` }
      const xml = await write(stored('document.letter', { DocumentId: 'x', Attachments: [row] }), { files })
      expect(xml, name).to.include(`<ContentType>${written}</ContentType>`)
      const again = memoryFiles()
      const document = await read(xml, { files: again })
      const [attachment] = document.kind === 'letter' ? document.attachments : []
      expect(again.files.get(attachment?.file ?? ''), name).to.deep.equal(files.files.get(id))
    }
  })
})

describe('codings of streams', () => {
  const pieces = fc.tuple(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 50 }))

  it('base64 is what it was, whatever the pieces', () =>
    fc.assert(
      fc.asyncProperty(pieces, async ([bytes, size]) => {
        const encoded = await bytesOf(encodeBase64(inPieces(bytes, size)))
        expect(encoded.toString()).to.equal(Buffer.from(bytes).toString('base64'))
        const cut = Readable.from(inPieces(encoded, size)) as AsyncIterable<Buffer>
        expect(await bytesOf(decodeBase64(mapped(cut), 'f'))).to.deep.equal(Buffer.from(bytes))
      }),
    ))

  it('a ZIP of one entry is what it was, whatever the pieces', () =>
    fc.assert(
      fc.asyncProperty(pieces, async ([bytes, size]) => {
        const archive = await bytesOf(oneEntry('tệp.bin', inPieces(bytes, size)))
        const entry = await firstEntry(inPieces(archive, size))
        expect(entry.name).to.equal('tệp.bin')
        expect(await bytesOf(entry.content)).to.deep.equal(Buffer.from(bytes))
      }),
    ))

  it('a stored entry is read; an encrypted one, and what is cut, are refused', async () => {
    const head = (flags: number, method: number, size: number) => {
      const bytes = Buffer.alloc(31, 'a')
      bytes.writeUInt32LE(0x04034b50, 0)
      for (const [at, value] of [
        [6, flags],
        [8, method],
        [26, 1],
        [28, 0],
      ] as const)
        bytes.writeUInt16LE(value, at)
      bytes.writeUInt32LE(size, 18)
      return bytes
    }
    const opened = async (...parts: Buffer[]) =>
      bytesOf((await firstEntry(inPieces(Buffer.concat(parts), 9))).content)
    expect(await opened(head(0, 0, 3), Buffer.from('abcPK'))).to.deep.equal(Buffer.from('abc'))
    expect(await opened(head(0, 8, 0), deflateRawSync('abc'))).to.deep.equal(Buffer.from('abc'))
    for (const parts of [
      [head(1, 8, 0)],
      [head(8, 0, 0)],
      [head(0, 12, 0)],
      [head(0, 0, 9), pdf.subarray(0, 4)],
      [head(0, 8, 0), deflateRawSync(randomBytes(99)).subarray(0, 50)],
      [Buffer.from('PK')],
    ])
      expect(await codeOf(opened(...parts))).to.equal('malformed_request')
  })
})

async function* mapped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  for await (const piece of source) yield Buffer.from(piece)
}
