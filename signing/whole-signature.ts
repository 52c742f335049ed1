import type { XmlElement } from 'libxml2-wasm'
import { algorithmNamed, rsaSha1 } from './algorithms.ts'
import { c14n, enveloped, excC14n, sha1Uri, sha256Uri } from './namespaces.ts'
import { canonicalize, parseXml, type CanonicalForm } from './parse-xml.ts'
import {
  algorithmIn,
  bad,
  bytesIn,
  checkValue,
  childrenOf,
  expectParts,
  infoParts,
  onlySignature,
  weak,
  type Path,
  type Signer,
} from './signature-elements.ts'

/** What a reference says of bytes: to be compared by whoever reads them. */
export interface Told {
  /** As node:crypto names it. */
  readonly hash: 'sha256' | 'sha1'
  readonly digest: Buffer
}

/** A document whose signature holds, if its digests do. */
export interface OpenedWhole {
  /** Canonical form of the document without the signature. */
  readonly canonical: Buffer
  readonly document: Told
  /** Files beside the document, by their URIs. */
  readonly files: ReadonlyMap<string, Told>
}

interface By extends Signer {
  /** Whether RSA-SHA1, SHA-1 and the canonical form that older clients misname count. */
  readonly acceptLegacySha1: boolean
}

/** What the shipped samples of older clients call exclusive canonical form; there is no such name (edXML §6.1). */
const misnamed = 'http://www.w3.org/TR/xml-exc-c14n#'

const forms: Readonly<Record<string, CanonicalForm>> = { [c14n]: 'inclusive', [excC14n]: 'exclusive' }
const hashes: Readonly<Record<string, Told['hash']>> = { [sha256Uri]: 'sha256' }
const legacy = {
  forms: { ...forms, [misnamed]: 'exclusive' },
  hashes: { ...hashes, [sha1Uri]: 'sha1' },
  algorithms: [rsaSha1],
} as const
const strong = { forms, hashes, algorithms: [] } as const

type Accepted = typeof strong | typeof legacy

/** Names that only count where `acceptLegacySha1` says so. */
export const legacyNames: readonly string[] = [rsaSha1.uri, sha1Uri, misnamed]

function named<T>(element: XmlElement | undefined, known: Readonly<Record<string, T>>): T {
  const uri = algorithmIn(element)
  const found = Object.hasOwn(known, uri) ? known[uri] : undefined
  if (found === undefined) throw weak(element, Object.keys(known))
  return found
}

function toldBy(parts: readonly XmlElement[], { hashes: known }: Accepted): Told {
  const [method, value] = parts.slice(-2)
  return { hash: named(method, known), digest: bytesIn(value, 'DigestValue') }
}

/** Enveloped, then a canonical form; without one it is the inclusive (XML Signature §4.4.3.2). */
function formOf(transforms: XmlElement, { forms: known }: Accepted): CanonicalForm {
  const names = childrenOf(transforms).length === 1 ? ['Transform'] : ['Transform', 'Transform']
  const [first, second] = expectParts(transforms, names)
  if (algorithmIn(first) !== enveloped) throw weak(first, [enveloped])
  return second === undefined ? 'inclusive' : named(second, known)
}

interface References {
  readonly form: CanonicalForm
  readonly document: Told
  readonly files: ReadonlyMap<string, Told>
}

function readReferences(references: readonly XmlElement[], accepted: Accepted): References {
  const files = new Map<string, Told>()
  let whole: Pick<References, 'form' | 'document'> | undefined
  for (const reference of references) {
    const uri = reference.attr('URI')?.value ?? ''
    if (files.has(uri) || (uri === '' && whole !== undefined)) throw bad('Reference', `${uri} is there twice`)
    const names = [...(uri === '' ? ['Transforms'] : []), 'DigestMethod', 'DigestValue']
    const parts = expectParts(reference, names)
    const [transforms] = parts
    const told = toldBy(parts, accepted)
    if (uri !== '') files.set(uri, told)
    else if (transforms !== undefined) whole = { form: formOf(transforms, accepted), document: told }
  }
  if (whole === undefined) throw bad('Reference', 'none is of the whole document')
  return { ...whole, files }
}

/**
 * Opens a document with one enveloped signature over the whole of it (`URI=""`), and over files beside it: the value and the certificate
 * are checked here; whether the digests hold is for whoever has the bytes that were left out. At most `xmlLimits`. Throws
 * `bad_signature`, `weak_algorithm`, `untrusted_certificate`, `too_large` or `malformed_xml`.
 */
export function openWhole(xml: Uint8Array, path: Path, by: By): OpenedWhole {
  const accepted: Accepted = by.acceptLegacySha1 ? legacy : strong
  return parseXml(xml, (document) => {
    const signature = onlySignature(document.root, path)
    const [info, value] = expectParts(signature, ['SignedInfo', 'SignatureValue', 'KeyInfo'])
    if (info === undefined) throw bad('SignedInfo', 'is missing')
    const [form, method, ...references] = infoParts(info)
    const key = by.signer.certificate.publicKey
    const algorithm = algorithmNamed(algorithmIn(method), key, accepted.algorithms)
    const bytes = canonicalize(info, named(form, accepted.forms))
    checkValue({ bytes, signature: bytesIn(value, 'SignatureValue'), algorithm }, by)
    const { form: wholeForm, ...told } = readReferences(references, accepted)
    signature.remove()
    return { ...told, canonical: canonicalize(document, wholeForm) }
  })
}
