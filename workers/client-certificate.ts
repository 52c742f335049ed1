import type { StoredCredential } from '../adapters/store/ports/credentials.ts'
import { GatewayError } from '../schemas/errors.ts'
import { checkCertificate, readCertificate, type Certificate } from '../signing/certificate.ts'
import { sha256 } from '../signing/digest.ts'
import type { CredentialLookup } from './credential-lookup.ts'
import type { Directory } from './directory.ts'

/** Certificates kept read: to read one again costs as much as to check it. */
const readMost = 1_000

export type ReadClientCertificate = (der: Uint8Array) => Promise<StoredCredential>

/**
 * The credential of a TLS client certificate: registered as one (a signing certificate of the registry is none), valid now, and
 * issued by an authority of its body's class. Asked of every request, so that a resumed session is worth no more than a new one.
 * Throws `unauthenticated` or `untrusted_certificate`.
 */
export function createReadClientCertificate({
  lookup,
  directory,
  now,
}: {
  readonly lookup: Pick<CredentialLookup, 'byProof'>
  readonly directory: () => Directory
  readonly now: () => number
}): ReadClientCertificate {
  const known = new Map<string, Certificate>()

  function read(der: Uint8Array, fingerprint: string): Certificate {
    const certificate = known.get(fingerprint) ?? readCertificate(der)
    if (known.size >= readMost) known.clear()
    known.set(fingerprint, certificate)
    return certificate
  }

  return async (der) => {
    const hash = sha256(der)
    const credential = await lookup.byProof(hash)
    if (credential.kind !== 'certificate')
      throw new GatewayError('untrusted_certificate', { reason: 'the client certificate is not registered' })
    checkClientCertificate(read(der, hash.toString('hex')), credential.agency, directory(), now())
    return credential
  }
}

/** Throws `untrusted_certificate` unless the certificate may stand for this body at `now`. */
export function checkClientCertificate(
  certificate: Certificate,
  body: string | null,
  directory: Directory,
  now: number,
): void {
  const agency = body === null ? undefined : directory.agency(body)
  if (agency === undefined)
    throw new GatewayError('untrusted_certificate', { reason: 'only a body has client certificates' })
  checkCertificate(certificate, directory.certificates.roots(agency.partyClass), now, 'tls')
}
