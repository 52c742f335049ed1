import { createHash } from 'node:crypto'
import type { AgencyKeys, Encoded, Parcel, Transport } from '../adapters/agencies/dialect.ts'
import type { Claimed, Store } from '../adapters/store/store.ts'
import type { Agency } from '../schemas/agency.ts'
import type { Outcome } from '../schemas/outcome.ts'
import type { StreamedBody } from '../adapters/agencies/transport.ts'
import { sha256 } from '../signing/digest.ts'
import { asDoubted, settleDoubt, type Recipient } from './doubt.ts'
import { inPartnersCodes } from './organisations.ts'
import { prepare, type SealDeps } from './seal.ts'

export interface AttemptDeps extends SealDeps {
  /** The way out to a body. */
  readonly transportOf: (agency: Agency) => Transport
  readonly keysOf: (agency: string) => AgencyKeys
  readonly store: Pick<Store, 'findNote' | 'keepNote' | 'findOrganisations'>
  readonly leaseMs: number
}

/** One attempt: what became of it, and the hex SHA-256 of what was handed over (null where nothing was). */
export interface Attempted {
  readonly outcome: Outcome
  readonly sealedDigest: string | null
}

/** Sends one claimed delivery; one that may have arrived is first asked after. */
export function createAttempt(deps: AttemptDeps): (claimed: Claimed) => Promise<Attempted> {
  return async (given) => {
    const agency = deps.directory().agency(given.recipient)
    if (agency === undefined) return unsendable('unknown_body', `${given.recipient} is not in the registry`)
    const transport = beforeLeaseEnds(deps.transportOf(agency), deps)
    const recipient = { agency, dialect: deps.dialectOf(agency), transport }
    const message = await inPartnersCodes(given.message, recipient, deps.store)
    const claimed = message === given.message ? given : { ...given, message }
    const settled = await settleDoubt(claimed, recipient, deps)
    return settled === null ? handOver(claimed, recipient, deps) : { outcome: settled, sealedDigest: null }
  }
}

const notesOn = (agency: string, { store }: AttemptDeps): NonNullable<Parcel['notes']> => ({
  find: (thing) => store.findNote(agency, thing),
  keep: (thing, note) => store.keepNote(agency, thing, note),
})

/** Encodes, seals and sends. */
async function handOver(claimed: Claimed, recipient: Recipient, deps: AttemptDeps): Promise<Attempted> {
  const { agency, dialect, transport } = recipient
  const sealing = await prepare(claimed, agency, deps)
  if (sealing.kind === 'unsealable') return unsendable(sealing.code, sealing.reason)
  const { encoded } = sealing
  const streamed = encoded.parts === undefined ? undefined : await measure(encoded.parts, deps)
  const parcel = {
    ...{ message: claimed.message, deliveryId: claimed.deliveryId, encoded },
    ...(streamed === undefined ? {} : { streamed }),
    stream: (parts: NonNullable<Encoded['parts']>) => measure(parts, deps),
    notes: notesOn(agency.code, deps),
  }
  const outcome = await dialect.send(parcel, agency, transport, deps.keysOf(agency.code))
  const sealedDigest = streamed?.sha256 ?? sha256(encoded.body).toString('hex')
  return { outcome: asDoubted(outcome, recipient, deps.now()), sealedDigest }
}

/** Written once for its size and digest, which go before it, and once more to be sent: what is not held has to be written twice. */
async function measure(
  parts: NonNullable<Encoded['parts']>,
  { openParts }: Pick<AttemptDeps, 'openParts'>,
): Promise<StreamedBody> {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of openParts(parts)) {
    hash.update(piece)
    size += piece.byteLength
  }
  return { size, sha256: hash.digest('hex'), open: () => openParts(parts) }
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
