import type { Agency, AgencyCertificate, Caller } from '../../schemas/agency.ts'
import { GatewayError } from '../../schemas/errors.ts'
import type { Certificate } from '../../signing/certificate.ts'
import type { Directory } from '../directory.ts'
import { assertInSight } from '../sight.ts'
import { assertUsable, readOnePem, viewOf, type CertificateView } from './certificate-rules.ts'
import type { ChangeRegistry } from './change.ts'

type Use = AgencyCertificate['use']

export interface Certificates {
  list(caller: Caller, code: string): readonly CertificateView[]
  add(
    caller: Caller,
    wish: { readonly code: string; readonly pem: string; readonly use: Use },
  ): Promise<CertificateView>
  remove(
    caller: Caller,
    wish: {
      readonly code: string
      readonly fingerprint: string
      readonly use?: Use | undefined
      readonly reason?: string | undefined
    },
  ): Promise<void>
}

/**
 * Certificates of bodies. `admin` adds and removes. A body's administrator renews: what it adds must carry the same subject as one that the
 * body already has for that use, and it never removes the last of a use. A first certificate, or another name, is the admin's to accept:
 * every certificate of the class chains to the same authorities, so that the chain alone does not say whose it is.
 */
export function createCertificates(deps: {
  readonly directory: () => Directory
  readonly change: ChangeRegistry
  readonly now: () => number
}): Certificates {
  const { directory, change, now } = deps
  return {
    list(caller, code) {
      const current = directory()
      assertInSight(caller, code, current)
      return current.certificates.of(code).map((row) => viewOf(row, current, now()))
    },
    add: (caller, { code, pem, use }) =>
      change(caller, (current) => {
        assertInSight(caller, code, current)
        const agency = current.agency(code) as Agency // in sight, so it is known
        const certificate = readOnePem(pem, current)
        assertUsable(certificate, agency, { use, current, now: now() })
        assertFree(certificate, code, current)
        if (!caller.roles.includes('admin')) assertRenewal(certificate, { code, use, current })
        const row = { agency: code, fingerprint: certificate.fingerprint, use, pem: certificate.pem }
        const answer = viewOf(row, current, now())
        const own = current.certificates.of(code)
        if (own.some((each) => isSame(each, row))) return { patch: {}, acts: [], answer }
        const after = { fingerprint: row.fingerprint, use, subject: certificate.subject }
        return {
          patch: { certificates: { [code]: [...own, row] } },
          acts: [{ act: 'certificate.add', object: row.fingerprint, body: code, after }],
          answer,
        }
      }),
    remove: (caller, { code, fingerprint, use, reason }) =>
      change(caller, (current) => {
        assertInSight(caller, code, current)
        const own = current.certificates.of(code)
        const gone = own.filter((row) => row.fingerprint === fingerprint && (use ?? row.use) === row.use)
        if (gone.length === 0) throw new GatewayError('not_found', { field: 'fingerprint' })
        const kept = own.filter((row) => !gone.includes(row))
        if (!caller.roles.includes('admin')) assertNotLast(gone, kept)
        return {
          patch: { certificates: { [code]: kept } },
          acts: gone.map((row) => ({
            act: 'certificate.remove',
            object: fingerprint,
            body: code,
            before: { fingerprint, use: row.use, pem: row.pem },
            ...(reason === undefined ? {} : { reason }),
          })),
          answer: undefined,
        }
      }),
  }
}

const isSame = (a: AgencyCertificate, b: AgencyCertificate) =>
  a.fingerprint === b.fingerprint && a.use === b.use

/** One signing certificate speaks for one body. */
function assertFree({ fingerprint }: Certificate, code: string, current: Directory): void {
  const owner = current.ownerOf(fingerprint)?.agency
  if (owner !== undefined && owner !== code)
    throw new GatewayError('conflict', { field: 'pem', reason: 'another body signs with this certificate' })
}

function assertRenewal(
  { subject }: Certificate,
  { code, use, current }: { readonly code: string; readonly use: Use; readonly current: Directory },
): void {
  const same = current.certificates
    .of(code)
    .filter((row) => row.use === use)
    .some((row) => current.certificates.read(row).subject === subject)
  if (!same)
    throw new GatewayError('forbidden', {
      field: 'pem',
      reason:
        "a body's administrator renews a certificate of the same subject; another is the admin's to add",
    })
}

function assertNotLast(gone: readonly AgencyCertificate[], kept: readonly AgencyCertificate[]): void {
  if (gone.some(({ use }) => !kept.some((row) => row.use === use)))
    throw new GatewayError('forbidden', { reason: "the last certificate of a use is the admin's to remove" })
}
