import type { AgencyKeys, Transport } from '../adapters/agencies/dialect.ts'
import type { Claimed } from '../adapters/store/store.ts'
import type { Agency } from '../schemas/agency.ts'
import type { Outcome } from '../schemas/outcome.ts'
import { sha256 } from '../signing/digest.ts'
import { prepare, type SealDeps } from './seal.ts'

export interface AttemptDeps extends SealDeps {
  /** The way out to a body. */
  readonly transportOf: (agency: Agency) => Transport
  readonly keysOf: (agency: string) => AgencyKeys
  readonly leaseMs: number
}

/** One attempt: what became of it, and the hex SHA-256 of what was handed over (null where nothing was). */
export interface Attempted {
  readonly outcome: Outcome
  readonly sealedDigest: string | null
}

/** Encodes, seals and sends one claimed delivery. */
export function createAttempt(deps: AttemptDeps): (claimed: Claimed) => Promise<Attempted> {
  return async (claimed) => {
    const agency = deps.directory().agency(claimed.recipient)
    if (agency === undefined) return unsendable('unknown_body', `${claimed.recipient} is not in the registry`)
    const dialect = deps.dialectOf(agency)
    const sealing = await prepare(claimed, agency, deps)
    if (sealing.kind === 'unsealable') return unsendable(sealing.code, sealing.reason)
    const parcel = { message: claimed.message, deliveryId: claimed.deliveryId, encoded: sealing.encoded }
    const transport = beforeLeaseEnds(deps.transportOf(agency), deps)
    const outcome = await dialect.send(parcel, agency, transport, deps.keysOf(agency.code))
    return { outcome, sealedDigest: sha256(sealing.encoded.body).toString('hex') }
  }
}

/** Held for a person, with its reason, never dropped: a repeat would only fail again, and the recipient is not to blame. */
function unsendable(code: string, reason: string): Attempted {
  return { outcome: { kind: 'unsendable', code, reason }, sealedDigest: null }
}

/** Every call of an attempt ends before the lease does: the next has what is left of it. */
function beforeLeaseEnds(
  transport: Transport,
  { leaseMs, now }: Pick<AttemptDeps, 'leaseMs' | 'now'>,
): Transport {
  const until = now() + leaseMs
  return {
    async post(call) {
      const leftMs = until - now()
      if (leftMs <= 0)
        return { failure: 'unsent', code: 'lease_over', reason: 'the calls before took too long' }
      return withinLease(transport, leftMs).post(call)
    },
  }
}

/** A call ends before its lease does, whatever time-out the recipient's options ask for: else another worker would send beside it. */
export function withinLease(transport: Transport, leaseMs: number): Transport {
  const mostMs = Math.floor(leaseMs * 0.8)
  return { post: (call) => transport.post({ ...call, timeoutMs: Math.min(call.timeoutMs, mostMs) }) }
}
