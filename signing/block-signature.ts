import type { XmlDocument, XmlElement } from 'libxml2-wasm'
import { algorithmNamed } from './algorithms.ts'
import { sha256 } from './digest.ts'
import type { SigningKey } from './keys.ts'
import { excC14n, sha256Uri } from './namespaces.ts'
import { canonicalize, parseXml } from './parse-xml.ts'
import {
  algorithmIn,
  bad,
  bytesIn,
  checkValue,
  elementAt,
  expectParts,
  infoParts,
  onlySignature,
  weak,
  type Path,
  type Signer,
} from './signature-elements.ts'
import { signReferences, type Referred } from './signature-xml.ts'

/** What a signature over blocks of a document, and over files beside it, has to cover. */
export interface Covered {
  readonly signature: Path
  /** Of these, all that are there must be signed; none may be there twice. */
  readonly blocks: readonly Path[]
  /** SHA-256 in hex of each file beside, by its URI. */
  readonly files: ReadonlyMap<string, string>
}

interface Reference {
  readonly digest: Buffer
  readonly isPart: boolean
}

const expectAlgorithm = (element: XmlElement | undefined, uri: string): void => {
  if (algorithmIn(element) !== uri) throw weak(element, [uri])
}

const readReference = (reference: XmlElement, isPart: boolean): Reference => {
  const names = [...(isPart ? ['Transforms'] : []), 'DigestMethod', 'DigestValue']
  const parts = expectParts(reference, names)
  const [method, value] = parts.slice(-2)
  const [transforms] = parts
  if (isPart && transforms !== undefined) expectAlgorithm(expectParts(transforms, ['Transform'])[0], excC14n)
  expectAlgorithm(method, sha256Uri)
  return { digest: bytesIn(value, 'DigestValue'), isPart }
}

const readReferences = (references: readonly XmlElement[]): ReadonlyMap<string, Reference> => {
  const found = new Map<string, Reference>()
  for (const reference of references) {
    const uri = reference.attr('URI')?.value ?? ''
    if (found.has(uri)) throw bad('Reference', `${uri} is there twice`)
    found.set(uri, readReference(reference, uri.startsWith('#')))
  }
  return found
}

const readInfo = (info: XmlElement) => {
  const [form, method, ...references] = infoParts(info)
  expectAlgorithm(form, excC14n)
  return { uri: algorithmIn(method), references: readReferences(references) }
}

/** Values of all attributes that some reader takes for an id. */
const idsIn = (document: XmlDocument): readonly string[] =>
  document.find('//@*[translate(local-name(), "ID", "id") = "id"]').map(({ content }) => content)

const blocksIn = (document: XmlDocument, { blocks }: Covered): ReadonlyMap<string, XmlElement> => {
  const ids = idsIn(document)
  const found = new Map<string, XmlElement>()
  for (const path of blocks) {
    const block = elementAt(document.root, path)
    if (block === undefined) continue
    const id = block.attr('Id')?.value ?? ''
    if (id === '') throw bad(block.name, 'is not signed')
    if (ids.filter((each) => each === id).length > 1) throw bad(block.name, 'its Id is there twice')
    found.set(`#${id}`, block)
  }
  return found
}

const checkDigest = (uri: string, digest: Buffer, references: ReadonlyMap<string, Reference>): void => {
  const reference = references.get(uri)
  if (reference === undefined) throw bad(uri, 'is not signed')
  if (!digest.equals(reference.digest)) throw bad(uri, 'is not what was signed')
}

const checkInfo = (signature: XmlElement, by: Signer): ReadonlyMap<string, Reference> => {
  const [info, value] = expectParts(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo'])
  if (info === undefined) throw bad('SignedInfo', 'is missing')
  const { uri, references } = readInfo(info)
  const algorithm = algorithmNamed(uri, by.signer.certificate.publicKey)
  const bytes = canonicalize(info)
  checkValue({ bytes, signature: bytesIn(value, 'SignatureValue'), algorithm }, by)
  return references
}

const open = (document: XmlDocument, covered: Covered, by: Signer): ReadonlyMap<string, Buffer> => {
  const signature = onlySignature(document.root, covered.signature)
  const references = checkInfo(signature, by)
  const blocks = blocksIn(document, covered)
  const signed = new Map<string, Buffer>()
  for (const [uri, block] of blocks) {
    const bytes = canonicalize(block)
    checkDigest(uri, sha256(bytes), references)
    signed.set(block.name, bytes)
  }
  for (const [uri, digest] of covered.files) checkDigest(uri, Buffer.from(digest, 'hex'), references)
  const stranger = [...references.keys()].find((uri) => !blocks.has(uri) && !covered.files.has(uri))
  if (stranger !== undefined) throw bad(stranger, 'is signed, and is not there')
  return signed
}

/**
 * The canonical bytes of each signed block by its local name: read from these, not from the document. The signature is XML Signature
 * with exclusive canonical form and SHA-256, over every block by its `Id` and every file by its URI, and nothing else. Blocks are found by
 * their place, never by `Id`. Throws `bad_signature`, `weak_algorithm`, `untrusted_certificate` or `malformed_xml`.
 */
export function openBlocks(xml: Uint8Array, covered: Covered, by: Signer): ReadonlyMap<string, Buffer> {
  return parseXml(xml, (document) => open(document, covered, by))
}

/** Blocks, each an element by itself, and files that are digested already. */
interface Signable {
  readonly blocks: readonly { readonly id: string; readonly xml: string }[]
  readonly files: readonly Referred[]
}

/**
 * The signature that `openBlocks` verifies. Its attributes stand in apostrophes, so that it may stand in a JSON string as it is. Throws
 * `malformed_xml` or `too_large` for a block that no partner would read.
 */
export async function signBlocks({ blocks, files }: Signable, key: SigningKey): Promise<string> {
  const parts = blocks.map(({ id, xml }) => ({
    uri: `#${id}`,
    digest: sha256(parseXml(Buffer.from(xml), canonicalize)),
  }))
  return (await signReferences([...parts, ...files], key)).replaceAll('"', "'")
}
