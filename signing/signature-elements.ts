import { XmlElement } from 'libxml2-wasm'
import { GatewayError } from '../schemas/errors.ts'
import type { SignatureAlgorithm } from './algorithms.ts'
import { checkCertificate } from './certificate.ts'
import { expectBase64 } from './expect.ts'
import { verifyBytes } from './keys.ts'
import { ds } from './namespaces.ts'
import type { KnownCertificate } from './open.ts'

/** Local names from below the root. */
export type Path = readonly string[]

export interface Signer {
  readonly signer: KnownCertificate
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A name in what came may be long. */
export const bad = (field: string, reason: string): GatewayError =>
  new GatewayError('bad_signature', { field: field.slice(0, 100), reason: reason.slice(0, 200) })

export const weak = (element: XmlElement | undefined, uris: readonly string[]): GatewayError =>
  new GatewayError('weak_algorithm', { reason: `${element?.name ?? ''} must be ${uris.join(' or ')}` })

export const childrenOf = (element: XmlElement): readonly XmlElement[] => {
  const children: XmlElement[] = []
  for (let child = element.firstChild; child !== null; child = child.next)
    if (child instanceof XmlElement) children.push(child)
  return children
}

/** By local name, for the reader of a dialect goes by it alone. */
const onlyChild = (element: XmlElement, name: string): XmlElement | undefined => {
  const alike = childrenOf(element).filter((child) => child.name === name)
  if (alike.length > 1) throw bad(name, 'is there twice')
  return alike[0]
}

export const elementAt = (root: XmlElement, path: Path): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((found, name) => found && onlyChild(found, name), root)

/** The children of an element of XML Signature, which must be just these. */
export const expectParts = (element: XmlElement, names: readonly string[]): readonly XmlElement[] => {
  const children = childrenOf(element)
  const isAsked = children.every(({ name, namespaceUri }, at) => name === names[at] && namespaceUri === ds)
  if (!isAsked || children.length !== names.length)
    throw bad(element.name, names.length === 0 ? 'holds elements' : `holds not just ${names.join(', ')}`)
  return children
}

export const algorithmIn = (element: XmlElement | undefined): string => {
  if (element !== undefined) expectParts(element, [])
  return element?.attr('Algorithm')?.value ?? ''
}

export const bytesIn = (element: XmlElement | undefined, name: string): Buffer =>
  expectBase64(element?.content ?? '', name)

/** The signature at its place, which must be the only one of the document. */
export function onlySignature(root: XmlElement, path: Path): XmlElement {
  const signature = elementAt(root, path)
  if (signature === undefined || root.find('//ds:Signature', { ds }).length !== 1)
    throw bad('Signature', 'there must be one, in its place')
  return signature
}

/** Name, method and references of a SignedInfo. */
export function infoParts(info: XmlElement): readonly XmlElement[] {
  const references = Array.from({ length: childrenOf(info).length - 2 }, () => 'Reference')
  return expectParts(info, ['CanonicalizationMethod', 'SignatureMethod', ...references])
}

interface Value {
  /** SignedInfo in canonical form. */
  readonly bytes: Uint8Array
  readonly signature: Uint8Array
  readonly algorithm: SignatureAlgorithm
}

/** Throws `bad_signature` or `untrusted_certificate`. */
export function checkValue(value: Value, { signer: { certificate, roots }, now }: Signer): void {
  if (!verifyBytes({ ...value, key: certificate.publicKey })) throw bad('SignatureValue', 'does not match')
  checkCertificate(certificate, roots, now)
}
