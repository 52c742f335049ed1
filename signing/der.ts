import forge from 'node-forge'

const { asn1 } = forge

/** A DER node as node-forge holds it. */
export type Der = forge.asn1.Asn1

/** Reads exactly one DER value; throws what node-forge throws. */
export const readDer = (bytes: Uint8Array): Der => asn1.fromDer(Buffer.from(bytes).toString('latin1'))

export const writeDer = (node: Der): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'latin1')

/** Children of a constructed node; none of a primitive one. */
export const partsOf = (node: Der | undefined): readonly Der[] =>
  Array.isArray(node?.value) ? node.value : []

/** Content of a primitive node, a byte per character. */
export const contentOf = (node: Der | undefined): string =>
  typeof node?.value === 'string' ? node.value : ''

export const oidOf = (node: Der | undefined): string =>
  contentOf(node) === '' ? '' : asn1.derToOid(contentOf(node))

const universal = (type: forge.asn1.Type, constructed: boolean, value: string | Der[]): Der =>
  asn1.create(asn1.Class.UNIVERSAL, type, constructed, value)

export const sequence = (...parts: Der[]): Der => universal(asn1.Type.SEQUENCE, true, parts)
export const set = (...parts: Der[]): Der => universal(asn1.Type.SET, true, parts)
export const oid = (name: string): Der => universal(asn1.Type.OID, false, asn1.oidToDer(name).getBytes())
export const integer = (bytes: Uint8Array): Der =>
  universal(asn1.Type.INTEGER, false, Buffer.from(bytes).toString('latin1'))
export const octets = (bytes: Uint8Array): Der =>
  universal(asn1.Type.OCTETSTRING, false, Buffer.from(bytes).toString('latin1'))
/** `unused` = bits of the last byte that do not count. */
export const bits = (bytes: Uint8Array, unused = 0): Der =>
  universal(asn1.Type.BITSTRING, false, String.fromCharCode(unused) + Buffer.from(bytes).toString('latin1'))
export const utf8 = (text: string): Der =>
  universal(asn1.Type.UTF8, false, Buffer.from(text).toString('latin1'))
export const yes = (): Der => universal(asn1.Type.BOOLEAN, false, '\xff')
export const nothing = (): Der => universal(asn1.Type.NULL, false, '')
export const time = (ms: number): Der =>
  universal(asn1.Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(new Date(ms)))

/** Context-specific tags are plain numbers; the typings know the universal ones only. */
const create: (...args: readonly [forge.asn1.Class, number, boolean, string | Der[]]) => Der = asn1.create

const context = (tag: number, constructed: boolean, value: string | Der[]): Der =>
  create(asn1.Class.CONTEXT_SPECIFIC, tag, constructed, value)

export const tagged = (tag: number, ...parts: Der[]): Der => context(tag, true, parts)
export const taggedBytes = (tag: number, bytes: Uint8Array): Der =>
  context(tag, false, Buffer.from(bytes).toString('latin1'))
export const isTagged = ({ tagClass, type }: Der, tag: number): boolean =>
  tagClass === asn1.Class.CONTEXT_SPECIFIC && (type as number) === tag
