import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import fc from 'fast-check'
import { openParts, type BodyPart } from '../../../../adapters/agencies/body-parts.ts'
import { encodeDocument } from '../../../../adapters/agencies/edxml/encode.ts'
import { edxmlDefaults } from '../../../../adapters/agencies/edxml/options.ts'
import { readEdxml } from '../../../../adapters/agencies/edxml/read-message.ts'
import { encodeHeld } from '../../../../adapters/agencies/vxp/rest/encode.ts'
import { VxpOptions } from '../../../../adapters/agencies/vxp/options.ts'
import type { Message } from '../../../../schemas/message.ts'
import { signParts } from '../../../../workers/sign-parts.ts'
import { run } from '../../../signing/interop.ts'
import { authorities, hub, known, registryOf, sender, senderRsa } from '../../../signing/parties.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { withTempDir } from '../../../support/processes.ts'
import { needsTool } from '../../../support/tools.ts'
import { digestsOnly, readSigned, signers } from './signed.ts'
import { draftOf, fixture, read, stored, textOf, write } from './support.ts'

const peer = { signatureProfile: 'peer', signature: 'require' } as const
const qcvn = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
const signedBlocks = ['MessageHeader', 'TraceHeaderList', 'ErrorList', 'edXMLBody']
const ids = signedBlocks.flatMap((name) => ['--id-attr:Id', `${qcvn}:${name}`])

/** The letter of the fixture with more files: one that goes out in a ZIP, one that does not. */
async function letterWith(...names: readonly string[]) {
  const files = memoryFiles()
  const { payload } = await read(fixture('letter.edxml'), { files })
  const rows = []
  for (const [at, name] of names.entries()) {
    const file = await files.keep(Readable.from([Buffer.from(`nội dung ${at}`)]))
    rows.push({ ContentId: `tep-${at}`, AttachmentName: name, Url: `/v1/files/${file.id}` })
  }
  const message: Message = stored('document.letter', { ...payload, Attachments: rows })
  return { message, files }
}

const signingWith = (files: ReturnType<typeof memoryFiles>, key = senderRsa) => ({
  sealKey: key,
  openParts: (parts: readonly BodyPart[]) => openParts(parts, (id) => files.read(id)),
})

describe('edXML that is written, unsigned', () => {
  for (const name of ['letter', 'status'] as const)
    it(`is the ${name} that it was before signatures were written, byte for byte`, async () => {
      const files = memoryFiles()
      const { payload } = await read(fixture(`${name}.edxml`), { files })
      const message = stored(`document.${name}`, payload)
      expect(await write(message, { files })).to.equal(fixture(`written-${name}.edxml`))
      const options = { profile: 'soap', generation: '2016' } as const
      expect(await write(message, { files, options })).to.equal(fixture(`written-${name}-soap.edxml`))
    })
})

describe('edXML that is written with a signature of profile peer', function () {
  this.timeout(120_000)

  it('is verified with either kind of key, and says what the unsigned letter says', async () => {
    const { message, files } = await letterWith('a.pdf', 'b.xls', 'c.zip')
    const plain = await read(await write(message, { files }))
    for (const key of [sender, senderRsa]) {
      const { signature, payload } = await readSigned(
        await write(message, { files, options: peer, key }),
        peer,
      )
      expect([signature, payload]).to.deep.equal(['verified', plain.payload])
    }
  })

  it('is verified of a status, and of the form with every element', async () => {
    const { payload } = await read(fixture('status.edxml'))
    const xml = await write(stored('document.status', payload), { options: peer })
    const office = { maySignFor: () => true }
    expect((await readSigned(xml, peer, office)).payload).to.deep.equal(payload)
    const { message, files } = await letterWith('a.pdf')
    const options = { ...peer, profile: 'soap' } as const
    expect((await readSigned(await write(message, { files, options }), options)).signature).to.equal(
      'verified',
    )
  })

  it('is not verified when any byte of a block, of the signature or of a file is changed', async () => {
    const { message, files } = await letterWith('a.pdf', 'b.xls')
    const xml = await write(message, { files, options: peer })
    const whole = await readSigned(xml, peer)
    const spans = [
      ...['MessageHeader', 'TraceHeaderList', 'edXMLBody'].map((name) =>
        new RegExp(`<edXML:${name} [^]*</edXML:${name}>`).exec(xml),
      ),
      /<ds:Signature[^]*<\/ds:Signature>/.exec(xml),
      ...xml.matchAll(/(?<=QCVN_102_2016">)[A-Za-z0-9+/=]+(?=<)/g),
    ]
    expect(spans.map((span) => span !== null)).to.deep.equal([true, true, true, true, true, true])
    const at = fc
      .constantFrom(...spans.map((span) => [span?.index ?? 0, span?.[0].length ?? 0] as const))
      .chain(([start, length]) => fc.integer({ min: start, max: start + length - 1 }))
    const character = fc.constantFrom('a', 'Z', '9', '+', '/', ' ', '<', '>', '"', '&')
    await fc.assert(
      fc.asyncProperty(at, character, async (offset, other) => {
        const changed = xml.slice(0, offset) + other + xml.slice(offset + 1)
        const again = await readSigned(changed, peer).catch(() => null)
        if (again === null) return
        // White space between attributes or in base64, and other marks around a value, change nothing of what is said.
        expect({ ...again, original: null }).to.deep.equal({ ...whole, original: null })
      }),
      { numRuns: 500 },
    )
  })

  it('is what xmlsec1 verifies, its files beside as they are sent, and not when one is another', async function () {
    needsTool(this, 'xmlsec1')
    const { message, files } = await letterWith('a.pdf', 'b.xls')
    const [, , covering] = draftOf(message, peer)
    if (typeof covering !== 'object' || !('sign' in covering)) throw new Error('nothing to sign')
    await withTempDir(async (folder) => {
      for (const { uri, content } of covering.sign.files) {
        const pieces: Uint8Array[] = []
        for await (const piece of openParts(content, (id) => files.read(id))) pieces.push(piece)
        await writeFile(join(folder, uri), Buffer.concat(pieces))
      }
      await writeFile(join(folder, 'root.pem'), authorities.state.certificate.pem)
      const verify = async (xml: string) => {
        await writeFile(join(folder, 'ours.xml'), xml)
        const time = ['--verification-gmt-time', '2026-01-31 08:00:00']
        return run('xmlsec1', ['--verify', ...ids, ...time, '--trusted-pem', 'root.pem', 'ours.xml'], {
          cwd: folder,
        }).then(
          () => 'verified',
          () => 'refused',
        )
      }
      for (const key of [sender, senderRsa]) {
        const xml = await write(message, { files, options: peer, key })
        expect(await verify(xml)).to.equal('verified')
        expect(await verify(xml.replace('STN-KT', 'STN-KH'))).to.equal('refused')
      }
      await writeFile(join(folder, 'cid:tep-0'), 'tệp khác')
      expect(await verify(await write(message, { files, options: peer }))).to.equal('refused')
    })
  })

  it('names no file that has no bytes, which readers do not find either', async () => {
    const files = memoryFiles()
    const { payload } = await read(fixture('letter.edxml'), { files })
    const empty = await files.keep(Readable.from([Buffer.alloc(0)]))
    const Attachments = [{ ContentId: 'rong', AttachmentName: 'r.pdf', Url: `/v1/files/${empty.id}` }]
    const xml = await write(stored('document.letter', { ...payload, Attachments }), { files, options: peer })
    expect(xml).not.to.include("URI='cid:rong")
    expect((await readSigned(xml, peer)).signature).to.equal('verified')
  })

  it('is not written where two files have one ContentId', async () => {
    const { message } = await letterWith('a.pdf')
    const rows = message.payload['Attachments'] as readonly object[]
    const twice = { ...message, payload: { ...message.payload, Attachments: [...rows, ...rows] } } as Message
    expect(encodeDocument(twice, { ...edxmlDefaults, ...peer })).to.include({ kind: 'unsupported' })
    expect(encodeDocument(twice, edxmlDefaults)).to.include({ kind: 'written' })
  })

  it('stands within JSON as well, and is that of whoever hands the letter over', async () => {
    const { message, files } = await letterWith('a.pdf', 'b.xls')
    const held = encodeHeld(message, VxpOptions.parse(peer))
    if (held.kind === 'unsupported') throw new Error(held.reason)
    const text = await textOf(await signParts(held.parts ?? [], signingWith(files, hub)), files)
    const { edxml } = JSON.parse(text) as { readonly edxml: string }
    const given = { ownerOf: registryOf([known('TRUC', hub)]), maySignFor: (by: string) => by === 'TRUC' }
    expect((await readSigned(edxml, peer, { ...signers, ...given })).signature).to.equal('verified')
  })

  it('holds no file of 200 MB in memory: written, signed, read and verified as it goes', async () => {
    const megabytes = 200
    const held = () => process.memoryUsage().arrayBuffers / 2 ** 20
    let most = 0
    async function* watched(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of bytes) {
        most = Math.max(most, held())
        yield piece
      }
    }
    async function* large(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < megabytes * 16; at += 1) yield Buffer.alloc(2 ** 16, at % 251)
    }
    const { message } = await letterWith('a.pdf')
    const open = (parts: readonly BodyPart[]) => watched(openParts(parts, () => Promise.resolve(large())))
    const before = held()
    const parts = await signParts(draftOf(message, peer), { sealKey: senderRsa, openParts: open })
    const { signature, payload } = await readEdxml(open(parts), { ...edxmlDefaults, ...peer }, digestsOnly)
    expect(signature).to.equal('verified')
    expect(payload['Attachments']).to.have.nested.property('[0].Size', String(megabytes * 2 ** 20))
    expect(most - before).to.be.below(100)
  })
})
