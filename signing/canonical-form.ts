import { GatewayError } from '../schemas/errors.ts'
import { cutEnvelope, type Parts } from './cut.ts'
import { canonicalize, checkXmlText, parseXml } from './parse-xml.ts'
import type { Scanned } from './scan.ts'

/** Deeper documents are left to libxml2, which knows its own bound. */
const maxDepth = 200
const plainName = /^[A-Za-z_][\w.-]*$/
const signatureName = /^ds:[A-Za-z_][\w.-]*$/

/** Canonical XML writes attributes in the order of their names; a declaration stands at the start of a part only. */
function inOrder(attributes: ReadonlyMap<string, string>): boolean {
  if (attributes.size === 0) return true
  let last = ''
  for (const name of attributes.keys()) {
    if (name <= last || name === 'xmlns' || !plainName.test(name)) return false
    last = name
  }
  return true
}

/** Whether what is in an element needs no namespace but the one that its part declares. */
function isPlain({ children }: Scanned, names: RegExp, depth = 1): boolean {
  for (const child of children)
    if (!names.test(child.name) || !inOrder(child.attributes) || !isPlain(child, names, depth + 1))
      return false
  return depth < maxDepth
}

/**
 * The parts of an envelope that is surely its own exclusive canonical form, byte for byte, and well-formed: what we and our client write.
 * To read it so takes a third of the time that libxml2 takes to parse it and write the canonical form. `null` says nothing: libxml2
 * decides. The bytes must be UTF-8.
 */
export function provenParts(xml: Buffer): Parts | null {
  try {
    const parts = cutEnvelope(xml)
    const { header, body, signature } = parts
    const isProven =
      isPlain(header.element, plainName) &&
      isPlain(body.element, plainName) &&
      isPlain(signature.element, signatureName)
    return isProven ? parts : null
  } catch (error) {
    if (error instanceof GatewayError) return null
    throw error
  }
}

/**
 * The parts of an envelope in canonical form. libxml2 makes it of what is not already in it. `malformed_xml` and `too_large` as
 * `parseXml` says.
 */
export function partsOf(bytes: Uint8Array): Parts {
  const xml = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  checkXmlText(xml)
  return provenParts(xml) ?? cutEnvelope(parseXml(xml, canonicalize))
}
