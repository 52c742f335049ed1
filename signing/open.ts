import type { PartyClass } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Payload } from '../schemas/message.ts'
import { algorithmNamed } from './algorithms.ts'
import { checkCertificate } from './certificate.ts'
import type { Certificate } from './certificate.ts'
import { partsOf } from './canonical-form.ts'
import type { Parts } from './cut.ts'
import { sha256 } from './digest.ts'
import { readEncryptedBody } from './encryption-xml.ts'
import { readHeader } from './header-xml.ts'
import type { EnvelopeHeader } from './header-xml.ts'
import { verifyBytes } from './keys.ts'
import type { DecryptionKey } from './keys.ts'
import { readPayload } from './payload-xml.ts'
import type { Scanned } from './scan.ts'
import { readSignature } from './signature-xml.ts'
import type { ReadSignature } from './signature-xml.ts'

/** A certificate the registry holds for a body. `roots`: authorities of the body's own party class; keep one array per class, results are cached by it. */
export interface KnownCertificate {
  readonly agency: string
  readonly partyClass: PartyClass
  readonly certificate: Certificate
  readonly roots: readonly Certificate[]
}

export interface OpenDeps {
  /** Milliseconds since 1970. */
  readonly now: number
  readonly ownerOf: (fingerprint: string) => KnownCertificate | undefined
  readonly decryptionKeys: readonly DecryptionKey[]
  /** Codes of the gateways that may seal for others. */
  readonly gateways: readonly string[]
}

export interface Opened {
  /** The sender's own header: of the inner envelope when sealed. */
  readonly header: EnvelopeHeader
  readonly payload: Payload
  /** The sender's signed plain envelope, exactly. */
  readonly original: Uint8Array
  readonly sealed: boolean
  /** Header of the outer envelope when sealed. */
  readonly outerHeader: EnvelopeHeader | null
  /** SHA-256 of exactly what came over the wire. */
  readonly receivedDigest: Buffer
}

/** A layer whose signature has been checked: header and body are read from the bytes that were verified. */
interface Layer {
  readonly header: EnvelopeHeader
  readonly body: Scanned
}

const bad = (reason: string, field?: string): GatewayError =>
  new GatewayError('bad_signature', field === undefined ? { reason } : { reason, field })
const refuse = (field: string, reason: string): GatewayError =>
  new GatewayError('malformed_xml', { field, reason })
const untrusted = (reason: string): GatewayError => new GatewayError('untrusted_certificate', { reason })

const checkDigests = ({ header, body }: Parts, signature: ReadSignature): void => {
  if (!sha256(header.bytes).equals(signature.headerDigest))
    throw bad('the Header is not what was signed', 'Header')
  if (!sha256(body.bytes).equals(signature.bodyDigest)) throw bad('the Body is not what was signed', 'Body')
}

const findSigner = (signature: ReadSignature, { ownerOf, now }: OpenDeps): KnownCertificate => {
  const signer = ownerOf(sha256(signature.certificate).toString('hex'))
  if (signer === undefined) throw untrusted('certificate is not known')
  const { publicKey: key } = signer.certificate
  const algorithm = algorithmNamed(signature.algorithmUri, key)
  if (!verifyBytes({ bytes: signature.signedInfo, signature: signature.value, key, algorithm })) {
    throw bad('the signature value does not match', 'SignatureValue')
  }
  checkCertificate(signer.certificate, signer.roots, now)
  return signer
}

const checkSealer = (
  { sealedBy, sender }: EnvelopeHeader,
  signer: KnownCertificate,
  gateways: readonly string[],
): void => {
  if (signer.agency !== sealedBy) throw untrusted('certificate does not belong to SealedBy')
  if (sealedBy !== sender && !gateways.includes(sealedBy))
    throw untrusted('SealedBy is neither the sender nor a gateway')
}

const gatewayFacts = ['messageId', 'deliveryId', 'receivedAt'] as const

/** What only a gateway knows may stand over a gateway's seal alone. */
const checkFacts = (header: EnvelopeHeader, gateways: readonly string[]): void => {
  if (gateways.includes(header.sealedBy)) return
  const field = gatewayFacts.find((key) => header[key] !== undefined)
  if (field !== undefined) throw refuse(field, 'is for a gateway to write')
}

/** Content is sealed by its sender, or by a gateway that says how it knew the sender: neither may pass for the other. */
const checkOrigin = ({ sealedBy, sender, authenticatedBy }: EnvelopeHeader): void => {
  const vouched = authenticatedBy !== undefined
  if (sealedBy === sender && vouched)
    throw refuse('AuthenticatedBy', 'is for a gateway to write over its own seal')
  if (sealedBy !== sender && !vouched)
    throw refuse('AuthenticatedBy', 'is missing: SealedBy is not the sender')
}

const openLayer = (bytes: Uint8Array, deps: OpenDeps): Layer => {
  const parts = partsOf(bytes)
  const signature = readSignature(parts.signature)
  checkDigests(parts, signature)
  const signer = findSigner(signature, deps)
  const header = readHeader(parts.header.element)
  checkSealer(header, signer, deps.gateways)
  checkFacts(header, deps.gateways)
  return { header, body: parts.body.element }
}

const isEncrypted = ({ children: [first] }: Scanned): boolean => first?.name.startsWith('xenc:') === true

const agreeing = ['sender', 'senderRef', 'action'] as const

const checkAgreement = (outer: EnvelopeHeader, inner: EnvelopeHeader): void => {
  const field = agreeing.find((key) => outer[key] !== inner[key])
  if (field !== undefined) throw bad('outer and inner header do not agree', field)
}

const open = (bytes: Uint8Array, deps: OpenDeps): Opened => {
  const receivedDigest = sha256(bytes)
  const outer = openLayer(bytes, deps)
  if (!isEncrypted(outer.body)) {
    checkOrigin(outer.header)
    const payload = readPayload(outer.body)
    return {
      header: outer.header,
      payload,
      original: bytes,
      sealed: false,
      outerHeader: null,
      receivedDigest,
    }
  }
  if (outer.header.authenticatedBy !== undefined) throw refuse('AuthenticatedBy', 'stands on content only')
  const original = readEncryptedBody(outer.body, deps.decryptionKeys)
  const inner = openLayer(original, deps)
  checkAgreement(outer.header, inner.header)
  const payload = readPayload(inner.body)
  checkOrigin(inner.header)
  return { header: inner.header, payload, original, sealed: true, outerHeader: outer.header, receivedDigest }
}

/**
 * Opens what arrives: checks structure, signature, certificate and owner of each layer, decrypts, and reads the content from the
 * canonical bytes that were verified, never from the document. Rejects with `malformed_xml`, `too_large`, `weak_algorithm`,
 * `untrusted_certificate`, `bad_signature` or `undecryptable`, each with a reason.
 */
export function openEnvelope(bytes: Uint8Array, deps: OpenDeps): Promise<Opened> {
  return new Promise((resolve) => {
    resolve(open(bytes, deps))
  })
}
