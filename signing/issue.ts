import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { readCertificate } from './certificate.ts'
import type { Certificate } from './certificate.ts'
import {
  bits,
  integer,
  nothing,
  octets,
  oid,
  partsOf,
  readDer,
  sequence,
  set,
  tagged,
  taggedBytes,
  time,
  utf8,
  writeDer,
  yes,
} from './der.ts'
import type { Der } from './der.ts'
import { sha256 } from './digest.ts'

/** A certificate authority of the sandbox or of a test; never one to be trusted outside them. */
export interface Authority {
  readonly key: KeyObject
  readonly certificate: Certificate
}

export interface AuthorityRequest {
  readonly name: string
  readonly organization: string
  /** Milliseconds since 1970; valid from then on. */
  readonly now: number
  readonly years: number
}

export type IssuedUse = 'sign' | 'encrypt' | 'tls'

export interface CertificateRequest {
  readonly name: string
  readonly organization: string
  /** RSA or EC. */
  readonly publicKey: KeyObject
  /** Milliseconds since 1970; valid from then on. */
  readonly now: number
  readonly days: number
  readonly use: IssuedUse
}

export interface Names {
  readonly name: string
  readonly organization: string
}

interface Draft {
  readonly issuer: Der
  readonly subject: Der
  readonly publicKey: KeyObject
  readonly from: number
  readonly to: number
  readonly extensions: readonly Der[]
}

const dayMs = 86_400_000
const commonName = '2.5.4.3'
const organizationName = '2.5.4.10'
const ecdsaSha256 = '1.2.840.10045.4.3.2'
const rsaSha256 = '1.2.840.113549.1.1.11'

/** First bits of the key usage extension, and how many bits of the byte do not count. */
const usages = {
  sign: { byte: 0xc0, unused: 6 },
  encrypt: { byte: 0x20, unused: 5 },
  tls: { byte: 0x80, unused: 7 },
  issue: { byte: 0x06, unused: 1 },
} as const satisfies Record<IssuedUse | 'issue', { readonly byte: number; readonly unused: number }>

/** A distinguished name: organisation, then common name. */
export const nameOf = ({ name, organization }: Names): Der =>
  sequence(
    set(sequence(oid(organizationName), utf8(organization))),
    set(sequence(oid(commonName), utf8(name))),
  )

/** A public key as SubjectPublicKeyInfo. */
export const publicDer = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

const keyId = (key: KeyObject): Buffer => sha256(publicDer(key)).subarray(0, 20)

const extension = (id: string, critical: boolean, value: Der): Der =>
  sequence(oid(id), ...(critical ? [yes()] : []), octets(writeDer(value)))

const keyUsage = (use: keyof typeof usages): Der =>
  extension('2.5.29.15', true, bits(Buffer.from([usages[use].byte]), usages[use].unused))
const constraints = (ca: boolean): Der => extension('2.5.29.19', true, sequence(...(ca ? [yes()] : [])))
const ownKey = (key: KeyObject): Der => extension('2.5.29.14', false, octets(keyId(key)))
const issuerKey = (key: KeyObject): Der => extension('2.5.29.35', false, sequence(taggedBytes(0, keyId(key))))

/** Version 3, a random positive serial number (RFC 5280 §4.1). */
const toBeSigned = ({ issuer, subject, publicKey, from, to, extensions }: Draft, algorithm: Der): Der =>
  sequence(
    tagged(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([0x40]), randomBytes(15)])),
    algorithm,
    issuer,
    sequence(time(from), time(to)),
    subject,
    readDer(publicDer(publicKey)),
    tagged(3, sequence(...extensions)),
  )

const algorithmOf = ({ asymmetricKeyType }: KeyObject): Der =>
  asymmetricKeyType === 'rsa' ? sequence(oid(rsaSha256), nothing()) : sequence(oid(ecdsaSha256))

/** What X.509 and PKCS#10 have in common: a body, its algorithm, its signature. */
export const signedDer = (body: (algorithm: Der) => Der, key: KeyObject): Buffer => {
  const content = body(algorithmOf(key))
  const signature = sign('sha256', writeDer(content), key)
  return writeDer(sequence(content, algorithmOf(key), bits(signature)))
}

const issue = (draft: Draft, key: KeyObject): Certificate =>
  readCertificate(signedDer((algorithm) => toBeSigned(draft, algorithm), key))

/** Makes a P-256 authority with a certificate that it signs itself. */
export function createAuthority({ name, organization, now, years }: AuthorityRequest): Authority {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const subject = nameOf({ name, organization })
  const extensions = [constraints(true), keyUsage('issue'), ownKey(publicKey)]
  const draft = { issuer: subject, subject, publicKey, from: now, to: now + years * 365 * dayMs, extensions }
  return { key, certificate: issue(draft, key) }
}

/** The issuer's name is copied from the authority's own certificate: names are compared byte for byte. */
const subjectOf = ({ der }: Certificate): Der => {
  const [body] = partsOf(readDer(der))
  const subject = partsOf(body)[5]
  if (subject === undefined) throw new Error('authority has no subject')
  return subject
}

/** Issues a certificate for a public key. */
export function issueCertificate(authority: Authority, request: CertificateRequest): Certificate {
  const { publicKey, now, days, use } = request
  const extensions = [
    constraints(false),
    keyUsage(use),
    ownKey(publicKey),
    issuerKey(authority.certificate.publicKey),
  ]
  const draft = {
    issuer: subjectOf(authority.certificate),
    subject: nameOf(request),
    publicKey,
    from: now,
    to: now + days * dayMs,
    extensions,
  }
  return issue(draft, authority.key)
}

/** A certificate that a key signs for itself: for the time until an authority has issued one. */
export function selfSign(key: KeyObject, request: CertificateRequest): Certificate {
  const { publicKey, now, days, use } = request
  const subject = nameOf(request)
  const extensions = [constraints(false), keyUsage(use), ownKey(publicKey)]
  return issue({ issuer: subject, subject, publicKey, from: now, to: now + days * dayMs, extensions }, key)
}
