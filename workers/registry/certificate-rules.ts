import type { Agency, AgencyCertificate, PartyClass } from '../../schemas/agency.ts'
import { GatewayError } from '../../schemas/errors.ts'
import { checkCertificate, type Certificate } from '../../signing/certificate.ts'
import type { Directory } from '../directory.ts'

const dayMs = 86_400_000
/** From when on an end of validity is shown. */
const warnDays = 30

/** A certificate that ends soon, or has ended. */
export interface ExpiryWarning {
  readonly fingerprint: string
  readonly use: AgencyCertificate['use']
  readonly validTo: number
  /** Whole days left; negative once it is over. */
  readonly daysLeft: number
}

/** A certificate as administration shows it. */
export interface CertificateView {
  readonly fingerprint: string
  readonly use: AgencyCertificate['use']
  readonly subject: string
  readonly issuer: string
  readonly validFrom: number
  readonly validTo: number
  readonly daysLeft: number
  /** Why it is of no use just now; null where nothing is wrong. */
  readonly fault: string | null
  readonly pem: string
}

const daysLeft = (validTo: number, now: number) => Math.floor((validTo - now) / dayMs)

/** How a stored certificate stands at `now`; one that cannot even be read is shown too, so that it can be taken away. */
export function viewOf(row: AgencyCertificate, current: Directory, now: number): CertificateView {
  const { fingerprint, use, pem } = row
  const unread = { fingerprint, use, subject: '', issuer: '', validFrom: 0, validTo: 0, daysLeft: 0, pem }
  const agency = current.agency(row.agency)
  try {
    const certificate = current.certificates.read(row)
    const { subject, issuer, validFrom, validTo } = certificate
    const shown = { ...unread, subject, issuer, validFrom, validTo, daysLeft: daysLeft(validTo, now) }
    const fault = agency === undefined ? 'unknown body' : faultOf(certificate, agency, { use, current, now })
    return { ...shown, fault }
  } catch (error) {
    return { ...unread, fault: reasonOf(error) }
  }
}

/** Certificates of a body that end within 30 days, and those that cannot be read. */
export function expiryWarnings(code: string, current: Directory, now: number): readonly ExpiryWarning[] {
  return current.certificates
    .of(code)
    .map(({ fingerprint, use, pem }) => {
      const validTo = readOrNull(pem, current)?.validTo ?? 0
      return { fingerprint, use, validTo, daysLeft: daysLeft(validTo, now) }
    })
    .filter((warning) => warning.daysLeft < warnDays)
}

function readOrNull(pem: string, current: Directory): Certificate | null {
  try {
    return current.certificates.read({ pem })
  } catch (error) {
    reasonOf(error)
    return null
  }
}

interface Ask {
  readonly use: AgencyCertificate['use']
  readonly current: Directory
  readonly now: number
}

function faultOf(
  certificate: Certificate,
  { partyClass }: Pick<Agency, 'partyClass'>,
  { use, current, now }: Ask,
): string | null {
  if (use === 'encrypt' && certificate.publicKey.asymmetricKeyType !== 'rsa')
    return 'what is encrypted to needs an RSA key'
  try {
    checkCertificate(certificate, current.certificates.roots(partyClass), now, use)
    return null
  } catch (error) {
    return reasonOf(error)
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof GatewayError) return error.reason ?? error.code
  throw error
}

const onePem =
  /^\s*-----BEGIN CERTIFICATE-----\r?\n(?:[A-Za-z0-9+/=]{1,76}\r?\n)+-----END CERTIFICATE-----\s*$/

/** Reads exactly one certificate: a private key pasted beside it must not be stored. Throws `invalid_field` of `pem`. */
export function readOnePem(pem: string, current: Directory): Certificate {
  if (!onePem.test(pem)) refusePem('expected exactly one PEM block of a certificate, and nothing else')
  try {
    return current.certificates.read({ pem })
  } catch (error) {
    return refusePem(reasonOf(error))
  }
}

/** Throws `invalid_field` unless the certificate is valid now, strong, made for this use, and issued by a root of the body's class. */
export function assertUsable(certificate: Certificate, agency: Agency, ask: Ask): void {
  const fault = faultOf(certificate, agency, ask)
  if (fault !== null) refusePem(fault)
}

/** Certificates, valid now, that `root` alone has issued: without it they would be of no use. */
export function issuedBy(
  root: Certificate,
  roots: readonly Certificate[],
  { partyClass, current, now }: { readonly partyClass: PartyClass } & Omit<Ask, 'use'>,
): readonly AgencyCertificate[] {
  const others = roots.filter(({ fingerprint }) => fingerprint !== root.fingerprint)
  return current.registry.certificates.filter(({ agency, pem, use }) => {
    if (current.agency(agency)?.partyClass !== partyClass) return false
    const certificate = readOrNull(pem, current)
    if (certificate === null || certificate.issuer !== root.subject || certificate.validTo < now) return false
    return passes(certificate, [root], { use, now }) && !passes(certificate, others, { use, now })
  })
}

function passes(
  certificate: Certificate,
  roots: readonly Certificate[],
  { use, now }: { readonly use: AgencyCertificate['use']; readonly now: number },
): boolean {
  try {
    checkCertificate(certificate, roots, now, use)
    return true
  } catch (error) {
    reasonOf(error)
    return false
  }
}

function refusePem(reason: string): never {
  throw new GatewayError('invalid_field', { field: 'pem', reason })
}
