import { X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'
import { isStrong } from './algorithms.ts'
import { contentOf, isTagged, oidOf, partsOf, readDer } from './der.ts'
import type { Der } from './der.ts'
import { sha256 } from './digest.ts'

/** What a certificate may be used for, by its key usage extensions; `tls` = as a TLS client. */
export type CertificateUse = 'sign' | 'encrypt' | 'issue' | 'tls'

/** An X.509 certificate, read once. Times are milliseconds since 1970. */
export interface Certificate {
  readonly pem: string
  readonly der: Buffer
  /** Lower-case hex SHA-256 of the DER bytes. */
  readonly fingerprint: string
  readonly publicKey: KeyObject
  readonly subject: string
  readonly issuer: string
  readonly validFrom: number
  readonly validTo: number
  /** Bits of the key usage extension (RFC 5280 §4.2.1.3), first bit = 0x8000; `null` when it is absent. */
  readonly keyUsage: number | null
  /** Object identifiers of the extended key usage extension (RFC 5280 §4.2.1.12); `null` when it is absent. */
  readonly extendedUsage: readonly string[] | null
}

const keyUsageOid = '2.5.29.15'
const usageBits = { sign: 0xc000, encrypt: 0x2000, issue: 0x0400, tls: 0x8000 } as const satisfies Record<
  CertificateUse,
  number
>

/** SHA-256, 384 and 512 with RSA, RSA-PSS or ECDSA. */
const strongIssuing = new Set([
  '1.2.840.113549.1.1.10',
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
])

const extensionsOf = (certificate: Der): readonly Der[] => {
  const wrapper = partsOf(partsOf(certificate)[0]).find((part) => isTagged(part, 3))
  return partsOf(partsOf(wrapper)[0])
}

const keyUsageOf = (der: Buffer): number | null => {
  const extension = extensionsOf(readDer(der)).find((part) => oidOf(partsOf(part)[0]) === keyUsageOid)
  if (extension === undefined) return null
  const value = Buffer.from(contentOf(partsOf(extension).at(-1)), 'latin1')
  // BIT STRING: tag, length, count of unused bits, one or two bytes of bits.
  return ((value[3] ?? 0) << 8) | (value[4] ?? 0)
}

/** Node's types leave out that there may be none. */
const extendedUsageOf = ({ keyUsage }: { readonly keyUsage?: readonly string[] }): readonly string[] | null =>
  keyUsage ?? null

/** Reads one certificate, PEM or DER; `untrusted_certificate` when it cannot be read. */
export function readCertificate(pemOrDer: string | Uint8Array): Certificate {
  try {
    const x509 = new X509Certificate(pemOrDer)
    return {
      pem: x509.toString(),
      der: x509.raw,
      fingerprint: sha256(x509.raw).toString('hex'),
      publicKey: x509.publicKey,
      subject: x509.subject,
      issuer: x509.issuer,
      validFrom: Date.parse(x509.validFrom),
      validTo: Date.parse(x509.validTo),
      keyUsage: keyUsageOf(x509.raw),
      extendedUsage: extendedUsageOf(x509),
    }
  } catch (cause) {
    throw new GatewayError('untrusted_certificate', { reason: 'certificate cannot be read', cause })
  }
}

/** clientAuth, anyExtendedKeyUsage. */
const clientUsages = ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0']

/** Whether the key usage extensions, where there are any, allow this use. */
export const allows = ({ keyUsage, extendedUsage }: Certificate, use: CertificateUse): boolean =>
  (keyUsage === null || (keyUsage & usageBits[use]) !== 0) &&
  (use !== 'tls' || extendedUsage === null || clientUsages.some((usage) => extendedUsage.includes(usage)))

const untrusted = (reason: string): GatewayError => new GatewayError('untrusted_certificate', { reason })

const isIssuer = (x509: X509Certificate, root: Certificate): boolean => {
  const issuer = new X509Certificate(root.der)
  return issuer.ca && allows(root, 'issue') && x509.checkIssued(issuer) && x509.verify(issuer.publicKey)
}

const findIssuer = (certificate: Certificate, roots: readonly Certificate[]): Certificate => {
  const [, algorithm] = partsOf(readDer(certificate.der))
  if (!strongIssuing.has(oidOf(partsOf(algorithm)[0])))
    throw untrusted('certificate was issued with a weak algorithm')
  if (!isStrong(certificate.publicKey)) throw untrusted('key of the certificate is not strong enough')
  const x509 = new X509Certificate(certificate.der)
  const issuer = roots.find((root) => isIssuer(x509, root))
  if (issuer === undefined) throw untrusted('certificate was not issued by an authority of this party class')
  return issuer
}

/** Who issued what does not change: the public-key work is done once per certificate and list of roots. */
const issuers = new WeakMap<Certificate, WeakMap<readonly Certificate[], Certificate>>()

const issuerOf = (certificate: Certificate, roots: readonly Certificate[]): Certificate => {
  const known = issuers.get(certificate) ?? new WeakMap<readonly Certificate[], Certificate>()
  const issuer = known.get(roots) ?? findIssuer(certificate, roots)
  issuers.set(certificate, known.set(roots, issuer))
  return issuer
}

const isValid = ({ validFrom, validTo }: Certificate, now: number): boolean =>
  validFrom <= now && now <= validTo

/**
 * Passes when `certificate` is valid at `now`, strong, allowed for `use`, and issued by one of `roots` (trust anchors, each a
 * certificate authority; an issuing authority below a root is listed itself). Else `untrusted_certificate` with a reason.
 * Cheap when called again with the same objects.
 */
export function checkCertificate(
  certificate: Certificate,
  roots: readonly Certificate[],
  now: number,
  use: CertificateUse = 'sign',
): void {
  if (!isValid(certificate, now)) throw untrusted('certificate is expired or not valid yet')
  if (!allows(certificate, use)) throw untrusted('key usage of the certificate does not allow this')
  if (!isValid(issuerOf(certificate, roots), now)) throw untrusted('certificate of the authority is expired')
}

/** Passes when `certificate` is an authority's, strong, and valid at `now`; else `untrusted_certificate` with a reason. */
export function assertAuthority(certificate: Certificate, now: number): void {
  if (!isValid(certificate, now)) throw untrusted('certificate is expired or not valid yet')
  if (!new X509Certificate(certificate.der).ca || !allows(certificate, 'issue'))
    throw untrusted('certificate is not that of an authority')
  if (!isStrong(certificate.publicKey)) throw untrusted('key of the certificate is not strong enough')
}
