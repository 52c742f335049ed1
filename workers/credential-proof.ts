import type { CredentialChange, StoredCredential } from '../adapters/store/ports/credentials.ts'
import type { Act } from '../schemas/audit.ts'
import { credentialState, type Credential } from '../schemas/credential.ts'
import { GatewayError } from '../schemas/errors.ts'
import { readCertificate } from '../signing/certificate.ts'
import { drawSecret, secretHash } from '../signing/secret.ts'
import { checkClientCertificate } from './client-certificate.ts'
import type { Directory } from './directory.ts'

const hourMs = 3_600_000

export interface Rotation {
  /** How long the present secret goes on working; 0 where it is known to others. */
  readonly overlapHours: number
  readonly certificate?: string | undefined
  readonly reason: string | null
}

/** What proves a credential from now on. */
export interface Proof {
  readonly proof: Buffer
  readonly secret: string | null
  /** When the certificate ends. */
  readonly validTo: number
}

/** Draws a secret, or takes the certificate that is given. */
export function newProof(certificate: string | undefined): Proof {
  if (certificate !== undefined) {
    const { fingerprint, validTo } = readCertificate(certificate)
    return { proof: Buffer.from(fingerprint, 'hex'), secret: null, validTo }
  }
  const secret = drawSecret()
  return { proof: secretHash(secret), secret, validTo: Infinity }
}

/** A certificate comes with kind `certificate` and no other, and must be good for its body. */
export function checkCertificateOf(
  kind: Credential['kind'],
  { certificate, agency }: { readonly certificate?: string | undefined; readonly agency: string | null },
  directory: Directory,
  now: number,
): void {
  if ((kind === 'certificate') !== (certificate !== undefined))
    throw new GatewayError('invalid_field', {
      field: 'certificate',
      reason: 'given for kind certificate, and for it alone',
    })
  if (certificate !== undefined) checkClientCertificate(readCertificate(certificate), agency, directory, now)
}

/** A change, and the act that it is in the audit. */
export interface Decision {
  readonly patch: CredentialChange['patch']
  readonly act: Act
}

/** A new proof beside the present one, or in its place. Throws `wrong_state`. */
export function rotated(
  found: StoredCredential,
  {
    overlapHours,
    certificate,
    reason,
    proof,
    validTo,
    at,
    directory,
  }: Rotation & Omit<Proof, 'secret'> & { readonly at: number; readonly directory: Directory },
): Decision {
  const state = credentialState(found, at)
  if (state !== 'active' && state !== 'pending') throw conflict(`it is ${state}`)
  checkCertificateOf(found.kind, { certificate, agency: found.agency }, directory, at)
  const isLeaked = overlapHours === 0
  const formerUntil = isLeaked ? null : Math.min(at + overlapHours * hourMs, found.validTo)
  return {
    patch: {
      proof: { hash: proof, formerUntil },
      ...(isLeaked ? { tokensFrom: at } : {}),
      ...(validTo < found.validTo ? { validTo } : {}),
    },
    act: { act: 'credential.rotate', object: found.id, reason },
  }
}

/** The refusal of what the present state does not allow. */
export const conflict = (reason: string): GatewayError => new GatewayError('wrong_state', { reason })
