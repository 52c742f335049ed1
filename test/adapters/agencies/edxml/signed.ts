import { createHash } from 'node:crypto'
import { XmlElement } from 'libxml2-wasm'
import type { Keeping, Signers } from '../../../../adapters/agencies/content.ts'
import type { EdxmlDocument } from '../../../../adapters/agencies/edxml/document.ts'
import type { EdxmlOptions } from '../../../../adapters/agencies/edxml/options.ts'
import { sha256 } from '../../../../signing/digest.ts'
import { signBytes, type SigningKey } from '../../../../signing/keys.ts'
import { ds, excC14n, sha256Uri } from '../../../../signing/namespaces.ts'
import { canonicalize, parseXml } from '../../../../signing/parse-xml.ts'
import { known, now, registryOf, sender, senderRsa } from '../../../signing/parties.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { fixture, read } from './support.ts'

export const blocks = ['MessageHeader', 'TraceHeaderList', 'edXMLBody'] as const
export const file = Buffer.from('JVBERi0xLjQKJSB0aHUgbmdoaWVtCg==', 'base64')

/** The letter with an Id on each block. */
export const letter = blocks.reduce(
  (xml, name) => xml.replace(`<edXML:${name}>`, `<edXML:${name} Id="khoi-${name}">`),
  fixture('letter.edxml'),
)

const empty = (name: string, algorithm: string): string => `<ds:${name} Algorithm="${algorithm}"/>`
const transforms = `<ds:Transforms>${empty('Transform', excC14n)}</ds:Transforms>`

const reference = (uri: string, content: Uint8Array | null): string =>
  `<ds:Reference URI="${uri}">${uri.startsWith('#') ? transforms : ''}${empty('DigestMethod', sha256Uri)}` +
  `<ds:DigestValue>${content === null ? '' : sha256(content).toString('base64')}</ds:DigestValue></ds:Reference>`

/** What a signature covers; null = left for another to fill in. */
export const covers = (xml: string): readonly (readonly [uri: string, content: Uint8Array | null])[] => [
  ...blocks.map((name) => [`#khoi-${name}`, partOf(xml, name)] as const),
  ['cid:tep-1', file],
]

const partOf = (xml: string, name: string): Buffer =>
  parseXml(Buffer.from(xml), (document) => {
    const part = document.get(`//*[local-name()="${name}"]`)
    if (part instanceof XmlElement) return canonicalize(part)
    throw new Error(`no ${name}`)
  })

export const place = (xml: string, signature: string): string =>
  xml.replace('</edXML:edXMLHeader>', `${signature}</edXML:edXMLHeader>`)

export const signatureWith = (covered: ReturnType<typeof covers>, key: SigningKey, value: string): string => {
  const info =
    `<ds:SignedInfo>${empty('CanonicalizationMethod', excC14n)}${empty('SignatureMethod', key.algorithm.uri)}` +
    `${covered.map(([uri, content]) => reference(uri, content)).join('')}</ds:SignedInfo>`
  const certificate = `<ds:X509Certificate>${key.certificate.der.toString('base64')}</ds:X509Certificate>`
  return (
    `<ds:Signature xmlns:ds="${ds}">${info}<ds:SignatureValue>${value}</ds:SignatureValue>` +
    `<ds:KeyInfo><ds:X509Data>${certificate}</ds:X509Data></ds:KeyInfo></ds:Signature>`
  )
}

/** A document, signed by hand. */
export async function sign(
  xml = letter,
  { key = senderRsa, covered = covers(xml) }: { key?: SigningKey; covered?: ReturnType<typeof covers> } = {},
): Promise<string> {
  const draft = place(xml, signatureWith(covered, key, ''))
  const value = await signBytes(key, partOf(draft, 'SignedInfo'))
  return place(xml, signatureWith(covered, key, value.toString('base64')))
}

export const signers: Signers = {
  ownerOf: registryOf([known('H49', sender), known('H49', senderRsa)]),
  maySignFor: (signer, code) => code.endsWith(signer),
  now: () => now,
}

export const readSigned = (
  xml: string | Uint8Array,
  options: Partial<EdxmlOptions> = {},
  given: Partial<Signers> = {},
): Promise<EdxmlDocument> =>
  read(xml, { options, files: memoryFiles({ ...signers, ...given }), pieceBytes: 512 })

/** A store that keeps the digests of files alone. */
export const digestsOnly: Keeping = {
  ...{ maxBytes: 2 ** 30, signers, read: () => Promise.reject(new Error('not kept')) },
  async keep(bytes) {
    const hash = createHash('sha256')
    let size = 0
    for await (const piece of bytes) {
      hash.update(piece)
      size += piece.byteLength
    }
    return { id: '01930000-0000-7000-8000-000000000009', size, digest: hash.digest('hex'), mediaType: '' }
  },
}
