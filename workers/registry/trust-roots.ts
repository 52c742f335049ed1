import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Caller, PartyClass, TrustRoot } from '../../schemas/agency.ts'
import { GatewayError } from '../../schemas/errors.ts'
import { assertAuthority, readCertificate, type Certificate } from '../../signing/certificate.ts'
import type { Directory } from '../directory.ts'
import { issuedBy, readOnePem } from './certificate-rules.ts'
import type { ChangeRegistry } from './change.ts'

/** A trust anchor as administration shows it. */
export interface TrustRootView {
  readonly fingerprint: string
  readonly partyClass: PartyClass
  readonly subject: string
  readonly validFrom: number
  readonly validTo: number
  readonly pem: string
}

export interface RootRemoval {
  readonly fingerprint: string
  readonly partyClass?: PartyClass | undefined
  /** Remove it although certificates depend on it; they stay listed, and are refused from then on. */
  readonly force: boolean
  readonly reason: string
}

export interface TrustRoots {
  list(): readonly TrustRootView[]
  add(
    caller: Caller,
    wish: { readonly partyClass: PartyClass; readonly pem: string; readonly reason: string },
  ): Promise<TrustRootView>
  /** Throws `conflict` where certificates would be left without an authority, unless `force`. */
  remove(caller: Caller, removal: RootRemoval): Promise<{ readonly orphaned: number }>
}

/** Authorities, for each class of parties. */
export function createTrustRoots(deps: {
  readonly directory: () => Directory
  readonly change: ChangeRegistry
  readonly now: () => number
}): TrustRoots {
  const { directory, change, now } = deps
  return {
    list: () => directory().registry.trustRoots.map(viewOf),
    add: (caller, { partyClass, pem, reason }) =>
      change(caller, (current) => {
        const certificate = readOnePem(pem, current)
        assertRoot(certificate, now())
        const row = { partyClass, pem: certificate.pem }
        const answer = viewOf(row)
        const { trustRoots } = current.registry
        if (trustRoots.some((root) => isNamed(root, answer.fingerprint, partyClass)))
          return { patch: {}, acts: [], answer }
        const after = { fingerprint: answer.fingerprint, partyClass, subject: answer.subject }
        return {
          patch: { trustRoots: [...trustRoots, row] },
          acts: [{ act: 'trust-root.add', object: answer.fingerprint, after, reason }],
          answer,
        }
      }),
    async remove(caller, removal) {
      await readAll(directory())
      return change(caller, (current) => {
        const { trustRoots } = current.registry
        const gone = trustRoots.filter((root) => isNamed(root, removal.fingerprint, removal.partyClass))
        if (gone.length === 0) throw new GatewayError('not_found', { field: 'fingerprint' })
        const orphaned = gone.flatMap(({ partyClass, pem }) =>
          issuedBy(readCertificate(pem), current.certificates.roots(partyClass), {
            ...{ partyClass, current, now: now() },
          }),
        )
        if (orphaned.length > 0 && !removal.force) refuseOrphans(orphaned.map(({ agency }) => agency))
        return {
          patch: { trustRoots: trustRoots.filter((root) => !gone.includes(root)) },
          acts: gone.map((root) => ({
            act: 'trust-root.remove',
            object: removal.fingerprint,
            before: { ...root, orphaned: orphaned.map(({ fingerprint }) => fingerprint) },
            reason: removal.reason,
          })),
          answer: { orphaned: orphaned.length },
        }
      })
    },
  }
}

/** Reads the certificates some at a time, so that the look through them holds nobody up. */
async function readAll({ certificates, registry }: Directory): Promise<void> {
  for (const [index, row] of registry.certificates.entries()) {
    try {
      certificates.read(row)
    } catch {
      // one that cannot be read has no authority to lose
    }
    if (index % 200 === 199) await nextTurn()
  }
}

function viewOf({ partyClass, pem }: TrustRoot): TrustRootView {
  const { fingerprint, subject, validFrom, validTo } = readCertificate(pem)
  return { fingerprint, partyClass, subject, validFrom, validTo, pem }
}

function isNamed({ pem, partyClass }: TrustRoot, fingerprint: string, wanted?: PartyClass): boolean {
  return (wanted ?? partyClass) === partyClass && readCertificate(pem).fingerprint === fingerprint
}

function assertRoot(certificate: Certificate, now: number): void {
  try {
    assertAuthority(certificate, now)
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError('invalid_field', { field: 'pem', reason: error.reason ?? error.code })
  }
}

function refuseOrphans(agencies: readonly string[]): never {
  const some = [...new Set(agencies)].slice(0, 5).join(', ')
  throw new GatewayError('conflict', {
    field: 'fingerprint',
    reason: `${agencies.length} certificates depend on it (${some}); say force=true to remove it all the same`,
  })
}
