import { createHash, sign as signNow } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import fc from 'fast-check'
import { XmlElement } from 'libxml2-wasm'
import { c14n, ds, enveloped, excC14n, sha1Uri, sha256Uri } from '../../../../signing/namespaces.ts'
import { canonicalize, parseXml } from '../../../../signing/parse-xml.ts'
import { run } from '../../../signing/interop.ts'
import { senderRsa } from '../../../signing/parties.ts'
import { withTempDir } from '../../../support/processes.ts'
import { needsTool } from '../../../support/tools.ts'
import { file, place, readSigned } from './signed.ts'
import { codeOf, fixture, read } from './support.ts'

/** The letter of the fixture, its file in one line of base64. */
const letter = fixture('letter.edxml').replace('JVBERi0xLjQKJSB0\n', 'JVBERi0xLjQKJSB0')

interface Form {
  readonly info: string
  readonly method: string
  readonly transform: string
  readonly digest: string
}

const strong: Form = {
  ...{ info: excC14n, transform: excC14n },
  ...{ method: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', digest: sha256Uri },
}
const legacy: Form = { info: c14n, transform: excC14n, method: `${ds}rsa-sha1`, digest: sha1Uri }
/** As the samples of the official client have it. */
const misnamed: Form = { ...legacy, transform: 'http://www.w3.org/TR/xml-exc-c14n#' }

const empty = (name: string, algorithm: string): string => `<ds:${name} Algorithm="${algorithm}"/>`

interface Filled {
  readonly whole?: Uint8Array
  readonly value?: Uint8Array
  /** Whether the file is named by itself, too. */
  readonly named?: boolean
}

/** A signature over the whole document, to be filled in. */
function template(
  form: Form,
  { whole = Buffer.alloc(0), value = Buffer.alloc(0), named = false }: Filled = {},
): string {
  const reference = (uri: string, transforms: string, digest: string) =>
    `<ds:Reference URI="${uri}">${transforms}${empty('DigestMethod', form.digest)}<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`
  const transforms = `<ds:Transforms>${empty('Transform', enveloped)}${empty('Transform', form.transform)}</ds:Transforms>`
  const digest = Buffer.from(whole).toString('base64')
  const beside = named ? reference('cid:tep-1', '', '') : ''
  return (
    `<ds:Signature xmlns:ds="${ds}"><ds:SignedInfo>${empty('CanonicalizationMethod', form.info)}` +
    `${empty('SignatureMethod', form.method)}${reference('', transforms, digest)}${beside}</ds:SignedInfo>` +
    `<ds:SignatureValue>${Buffer.from(value).toString('base64')}</ds:SignatureValue><ds:KeyInfo><ds:X509Data>` +
    `<ds:X509SubjectName>CN=H49</ds:X509SubjectName>` +
    `<ds:X509Certificate>${senderRsa.certificate.der.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`
  )
}

/** Signed by xmlsec1, its files beside. */
async function byXmlsec(xml: string, form: Form, filled: Filled = {}): Promise<string> {
  return withTempDir(async (folder) => {
    const at = (name: string) => join(folder, name)
    await writeFile(at('cid:tep-1'), file)
    await writeFile(at('key.pem'), senderRsa.key.export({ type: 'pkcs8', format: 'pem' }))
    await writeFile(at('template.xml'), place(xml, template(form, filled)))
    const args = ['--sign', '--privkey-pem', 'key.pem', '--output', 'signed.xml', 'template.xml']
    await run('xmlsec1', args, { cwd: folder })
    return readFile(at('signed.xml'), 'utf8')
  })
}

/** Signed by hand with SHA-1, for names that no library knows. */
function byHand(xml: string, form: Form): string {
  const whole = createHash('sha1')
    .update(parseXml(Buffer.from(xml), canonicalize))
    .digest()
  const info = parseXml(Buffer.from(place(xml, template(form, { whole }))), (document) => {
    const element = document.get('//*[local-name()="SignedInfo"]')
    if (element instanceof XmlElement) return canonicalize(element, 'inclusive')
    throw new Error('no SignedInfo')
  })
  return place(xml, template(form, { whole, value: signNow('sha1', info, senderRsa.key) }))
}

const legacyToo = { acceptLegacySha1: true, signature: 'require' } as const
const required = { signature: 'require' } as const

describe('a signature over the whole of a document of edXML', () => {
  before(function () {
    needsTool(this, 'xmlsec1')
  })

  it('is verified as xmlsec1 writes it, with and without the file named by itself', async () => {
    const { payload } = await read(letter)
    for (const named of [false, true]) {
      const document = await readSigned(await byXmlsec(letter, strong, { named }), required)
      expect(document).to.deep.include({
        signature: 'verified',
        flags: ['Signature: verified, H49'],
        payload,
      })
    }
  })

  it('is verified over contents before the envelope, over two of them, and over none', async () => {
    const [attachments = ''] = /<AttachmentEncoded>[^]*<\/AttachmentEncoded>/.exec(letter) ?? []
    const turned = letter
      .replace(attachments, '')
      .replace('<edXML:edXMLEnvelope', `${attachments}<edXML:edXMLEnvelope`)
    const bare = letter.replace(attachments, '')
    const second = letter.replace(
      '</AttachmentEncoded>',
      '<Attachment><ContentId>tep-2</ContentId><AttachmentName>2.txt</AttachmentName>' +
        '<ContentTransferEncoded>aGFp</ContentTransferEncoded></Attachment></AttachmentEncoded>',
    )
    expect((await readSigned(second)).payload['Attachments']).to.have.length(2)
    for (const xml of [turned, second, bare])
      expect((await readSigned(await byXmlsec(xml, strong), required)).signature).to.equal('verified')
  })

  it('by SHA-1 is reported, and counts where it is accepted', async () => {
    for (const xml of [await byXmlsec(letter, legacy), byHand(letter, misnamed)]) {
      expect(await readSigned(xml)).to.deep.include({
        ...{ signature: 'not-evaluated', flags: ['Signature: not evaluated, by SHA-1'] },
      })
      expect(await codeOf(readSigned(xml, required))).to.equal('bad_signature')
      expect(await readSigned(xml, legacyToo)).to.deep.include({
        ...{ signature: 'verified', flags: ['Signature: verified, H49, by SHA-1'] },
      })
      const other = xml.replace('NB-9', 'NB-8')
      expect(await codeOf(readSigned(other, legacyToo))).to.equal('bad_signature')
      const otherFile = xml.replace('JVBERi0xLjQK', 'JVBERi0xLjUK')
      expect(await codeOf(readSigned(otherFile, legacyToo))).to.equal('bad_signature')
    }
  })

  it('is refused when any byte is changed, or says the same', async () => {
    const xml = await byXmlsec(letter, strong, { named: true })
    const whole = await readSigned(xml, required)
    const start = xml.indexOf('<edXML:edXMLHeader>')
    const characters = fc.constantFrom('a', 'Z', '9', '+', '/', ' ', '<', '>', '"', '&')
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: start, max: xml.length - 2 }), characters, async (at, other) => {
        const changed = xml.slice(0, at) + other + xml.slice(at + 1)
        const again = await readSigned(changed, required).catch(() => null)
        if (again === null) return
        expect({ ...again, original: null }).to.deep.equal({ ...whole, original: null })
      }),
      { numRuns: 500 },
    )
  })

  it('is reported where its base64 cannot be written again as it came', async () => {
    const xml = await byXmlsec(fixture('letter.edxml'), strong)
    expect((await readSigned(xml)).flags).to.deep.equal([
      'Signature: not evaluated, over base64 with white space',
    ])
  })

  const forged: Readonly<Record<string, (xml: string) => string>> = {
    'an element beside it': (xml) => xml.replace('<AttachmentEncoded>', '<x/><AttachmentEncoded>'),
    'a second signature': (xml) => xml.replace('<AttachmentEncoded>', `<ds:Signature xmlns:ds="${ds}"/>$&`),
    'another transform': (xml) => xml.replace(enveloped, excC14n),
    'a reference twice': (xml) => xml.replace(/<ds:Reference URI="cid[^]*?<\/ds:Reference>/, '$&$&'),
    'a reference to nothing': (xml) => xml.replace('URI="cid:tep-1"', 'URI="cid:tep-2"'),
  }
  for (const [name, forge] of Object.entries(forged))
    it(`is refused with ${name}`, async () => {
      const xml = await byXmlsec(letter, strong, { named: true })
      expect(await codeOf(readSigned(forge(xml), required))).to.match(/^(bad_signature|weak_algorithm)$/)
    })

  it('says why it was not evaluated', async () => {
    const xml = await byXmlsec(letter, strong)
    const reasons: Readonly<Record<string, string>> = {
      'not of XML Signature': xml.replace(`xmlns:ds="${ds}"`, 'xmlns:ds="http://chu-ky.example.vn/"'),
      'without a certificate': xml.replace(/<ds:X509Certificate>[^]*<\/ds:X509Certificate>/, ''),
      'certificate not known': xml.replace('<ds:X509Certificate>', '$&AAAA'),
      'over comments, CDATA or instructions': xml.replace('<AttachmentEncoded>', '<!-- ghi chú -->$&'),
      'refers to neither blocks nor the whole': xml.replace('URI=""', 'URI="http://khac.example.vn/"'),
    }
    for (const [reason, other] of Object.entries(reasons))
      expect((await readSigned(other)).flags).to.deep.equal([`Signature: not evaluated, ${reason}`])
    expect((await readSigned(xml, { signature: 'ignore' })).flags).to.deep.equal([
      'Signature: not evaluated, as its option asks',
    ])
    expect((await readSigned(letter)).flags).to.deep.equal([])
  })
})
