import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { ds } from '../../../../signing/namespaces.ts'
import { run } from '../../../signing/interop.ts'
import { authorities, hub, sender, senderRsa } from '../../../signing/parties.ts'
import { withTempDir } from '../../../support/processes.ts'
import { needsTool } from '../../../support/tools.ts'
import { blocks, covers, file, letter, place, readSigned, sign, signatureWith } from './signed.ts'
import { codeOf, fixture, read } from './support.ts'

const qcvn = 'http://www.mic.gov.vn/TBT/QCVN_102_2016'
const ids = blocks.flatMap((name) => ['--id-attr:Id', `${qcvn}:${name}`])
const changed = (xml: string, from: string, to: string): string => {
  if (!xml.includes(from)) throw new Error(`no ${from}`)
  return xml.replace(from, to)
}
const blockOf = (xml: string, name: string): string =>
  new RegExp(`<edXML:${name}[ >][^]*</edXML:${name}>`).exec(xml)?.[0] ?? ''
const signatureOf = (xml: string): string => /<ds:Signature[^]*<\/ds:Signature>/.exec(xml)?.[0] ?? ''

describe('signature of profile peer in edXML', function () {
  this.timeout(60_000)

  it('is verified with either kind of key, and what is read is what the unsigned letter says', async () => {
    const { payload } = await read(fixture('letter.edxml'))
    for (const key of [sender, senderRsa]) {
      const { signature, ...document } = await readSigned(await sign(letter, { key }))
      expect([signature, document.payload]).to.deep.equal(['verified', payload])
    }
  })

  it('refuses any changed byte of a signed block, of the signature and of an attachment', async () => {
    const xml = await sign()
    const spans = [
      ...blocks.map((name) => blockOf(xml, name)),
      signatureOf(xml),
      file.toString('base64').slice(0, 20),
    ]
    const places = spans.map((span) => [xml.indexOf(span), span.length] as const)
    const at = fc
      .constantFrom(...places)
      .chain(([start, length]) => fc.integer({ min: start, max: start + length - 1 }))
    await fc.assert(
      fc.asyncProperty(
        at,
        fc.constantFrom('a', 'Z', '9', '+', '/', ' ', '<', '>', '"', '&'),
        async (offset, character) => {
          const other = xml.slice(0, offset) + character + xml.slice(offset + 1)
          const read = await readSigned(other, { signature: 'require' }).catch(() => null)
          if (read === null) return
          // White space between attributes or in base64 is no change of what is said.
          const whole = await readSigned(xml, { signature: 'require' })
          expect({ ...read, original: null }).to.deep.equal({ ...whole, original: null })
        },
      ),
      { numRuns: 400 },
    )
  })

  it('refuses another letter, another file and another name of a file', async () => {
    const xml = await sign()
    expect(await codeOf(readSigned(changed(xml, 'NB-9', 'NB-8')))).to.equal('bad_signature')
    expect(await codeOf(readSigned(changed(xml, 'JVBERi0xLjQK', 'JVBERi0xLjUK')))).to.equal('bad_signature')
    const renamed = xml.replaceAll('27-STN-KT.pdf<', '28-STN-KT.pdf<')
    expect(await codeOf(readSigned(renamed))).to.equal('bad_signature')
  })

  it('takes the name of a file from the signed manifest, not from the attachment', async () => {
    const xml = changed(await sign(), '<AttachmentName>27-STN-KT.pdf', '<AttachmentName>28-STN-KT.pdf')
    const { payload } = await readSigned(xml)
    expect(JSON.stringify(payload)).to.include('27-STN-KT.pdf').and.not.include('28-STN-KT.pdf')
  })

  const bad: Readonly<Record<string, (xml: string) => string | Promise<string>>> = {
    'a block that is not signed': () =>
      sign(letter, { covered: covers(letter).filter(([uri]) => !uri.includes('Trace')) }),
    'a file that is not signed': () => sign(letter, { covered: covers(letter).slice(0, 3) }),
    'a reference to nothing': () => sign(letter, { covered: [...covers(letter), ['cid:tep-2', file]] }),
    'a reference twice': () => sign(letter, { covered: [...covers(letter), ['cid:tep-1', file]] }),
    'a second signature': (xml) => place(xml, signatureOf(xml)),
    'a second signature elsewhere': (xml) =>
      changed(xml, '<AttachmentEncoded>', `<x>${signatureOf(xml)}</x><AttachmentEncoded>`),
    'a second block beside the signed one': (xml) =>
      changed(
        xml,
        '<edXML:MessageHeader Id',
        `${blockOf(xml, 'MessageHeader')
          .replace(/ Id="[^"]*"/, '')
          .replace('NB-9', 'NB-8')}<edXML:MessageHeader Id`,
      ),
    'a signed block moved away, another in its place': (xml) => {
      const block = blockOf(xml, 'MessageHeader')
      const forged = block.replace('khoi-MessageHeader', 'khac').replace('NB-9', 'NB-8')
      const end = '</edXML:edXMLEnvelope>'
      return changed(changed(xml, block, forged), end, `<edXML:x>${block}</edXML:x>${end}`)
    },
    'a foreign element with the Id of a block': (xml) =>
      changed(xml, '<AttachmentEncoded>', '<x id="khoi-MessageHeader"/><AttachmentEncoded>'),
    'an unsigned block added': (xml) =>
      changed(xml, '<ds:Signature ', '<edXML:ErrorList><edXML:Error/></edXML:ErrorList><ds:Signature '),
    'a second attachment of one name': (xml) => {
      const [attachment = ''] = /<Attachment>[^]*<\/Attachment>/.exec(xml) ?? []
      return changed(xml, attachment, attachment + attachment.replace('JVBERi0xLjQK', 'JVBERi0xLjUK'))
    },
    'an attachment taken away': (xml) => xml.replace(/<Attachment>[^]*<\/Attachment>/, ''),
    'an object in the signature': (xml) => changed(xml, '</ds:KeyInfo>', '</ds:KeyInfo><ds:Object/>'),
  }
  for (const [name, forge] of Object.entries(bad))
    it(`refuses ${name}`, async () => {
      expect(await codeOf(readSigned(await forge(await sign())))).to.equal('bad_signature')
    })

  it('refuses another canonical form, digest or signature algorithm as weak', async () => {
    const xml = await sign()
    const forms = { 'xml-exc-c14n#': 'xml-exc-c14n#WithComments', sha256: 'sha1', 'rsa-sha256': 'rsa-sha1' }
    for (const [strong, weak] of Object.entries(forms))
      expect(await codeOf(readSigned(changed(xml, `${strong}"`, `${weak}"`))), weak).to.match(
        /weak_algorithm|bad_signature/,
      )
  })

  it('refuses the certificate of a body that does not stand for the sender, and one that has expired', async () => {
    const xml = await sign()
    const codes = [{ maySignFor: () => false }, { now: () => Date.parse('2036-01-01T00:00:00Z') }].map(
      (given) => codeOf(readSigned(xml, {}, given)),
    )
    expect(await Promise.all(codes)).to.deep.equal(['untrusted_certificate', 'untrusted_certificate'])
  })

  it('leaves unread what it does not know: a certificate, another namespace, the whole document', async () => {
    const xml = await sign()
    const unread = [
      await sign(letter, { key: hub }),
      xml.replace(`xmlns:ds="${ds}"`, `xmlns:ds="${qcvn}"`),
      place(letter, signatureWith([['', file]], senderRsa, '')),
    ]
    for (const each of unread) {
      expect((await readSigned(each)).signature).to.equal('not-evaluated')
      expect(await codeOf(readSigned(each, { signature: 'require' }))).to.equal('bad_signature')
    }
    expect(await codeOf(readSigned(letter, { signature: 'require' }))).to.equal('bad_signature')
    const ignored = await readSigned(changed(xml, 'NB-9', 'NB-8'), { signature: 'ignore' })
    expect(ignored.signature).to.equal('not-evaluated')
  })

  it('says briefly what is wrong, however much there is of it', async () => {
    const much = changed(await sign(), '</ds:SignedInfo>', `${'<a/>'.repeat(20_000)}</ds:SignedInfo>`)
    const reason = await readSigned(much).catch((error: unknown) => String(error))
    expect(reason)
      .to.match(/bad_signature/)
      .and.have.length.below(400)
  })

  it('is what xmlsec1 verifies, its files beside, and what xmlsec1 signs', async function () {
    needsTool(this, 'xmlsec1')
    await withTempDir(async (folder) => {
      const at = (name: string) => join(folder, name)
      await writeFile(at('cid:tep-1'), file)
      await writeFile(at('root.pem'), authorities.state.certificate.pem)
      await writeFile(at('key.pem'), senderRsa.key.export({ type: 'pkcs8', format: 'pem' }))
      const unsigned = covers(letter).map(([uri]) => [uri, null] as const)
      await writeFile(at('template.xml'), place(letter, signatureWith(unsigned, senderRsa, '')))
      await run(
        'xmlsec1',
        ['--sign', ...ids, '--privkey-pem', 'key.pem', '--output', 'signed.xml', 'template.xml'],
        { cwd: folder },
      )
      expect(
        (await readSigned(await readFile(at('signed.xml')), { signature: 'require' })).signature,
      ).to.equal('verified')
      await writeFile(at('ours.xml'), await sign())
      const time = ['--verification-gmt-time', '2026-01-31 08:00:00']
      await run('xmlsec1', ['--verify', ...ids, ...time, '--trusted-pem', 'root.pem', 'ours.xml'], {
        cwd: folder,
      })
    })
  })
})
