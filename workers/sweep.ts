import type { Claimed, Ending, Store } from '../adapters/store/store.ts'
import { issueReceipt, type Issuer } from './receipts.ts'

/**
 * Claims without an outcome after which a delivery is parked. More than a rough day of restarts costs the head of a lane: a drill
 * of eleven kills in a row parked one at 8. As many as the broker's own delivery limit.
 */
const maxClaims = 20
const sweepRows = 100
const endLeaseMs = 30_000

export interface SweepDeps {
  readonly store: Pick<Store, 'sweepClaims' | 'takeExpired' | 'recordMany'>
  readonly issuer: Issuer
  readonly owner: string
  readonly isRepeatable: (agency: string) => boolean
  /** Until it is asked whether it has what was sent to it; 0 = it cannot tell. */
  readonly askAfterSeconds: (agency: string) => number
  readonly now: () => number
  /** Told of what needs a person: `parked` and `in_doubt`. */
  readonly alert: (event: {
    readonly state: string
    readonly deliveryId: string
    readonly messageId: string
    readonly recipient: string
  }) => void
}

/** Ends what no attempt will end: claims whose worker died, and messages that expired. Answers whether there is more. */
export function createSweep(deps: SweepDeps): () => Promise<boolean> {
  return async () => {
    const now = deps.now()
    const dead = await deps.store.sweepClaims(now, {
      maxClaims,
      repeatable: deps.isRepeatable,
      askAfterSeconds: deps.askAfterSeconds,
      limit: sweepRows,
    })
    for (const row of dead.filter(({ state }) => state !== 'due')) deps.alert(row)
    const lease = { owner: `${deps.owner}/expire`, now, until: now + endLeaseMs }
    const expired = await deps.store.takeExpired(sweepRows, lease)
    const endings = await Promise.all(expired.map((claimed) => expiry(claimed, deps)))
    if (endings.length > 0) await deps.store.recordMany(endings, { ...lease, mayLease: () => false })
    return dead.length === sweepRows || expired.length === sweepRows
  }
}

const endOf = ({ skipReason }: Claimed) =>
  skipReason === null
    ? ({ kind: 'expired', code: 'expired', reason: 'expiresAt has passed' } as const)
    : ({ kind: 'skipped', code: 'skipped_by_operator', reason: skipReason } as const)

async function expiry(claimed: Claimed, { issuer, now }: SweepDeps): Promise<Ending> {
  const { deliveryId, owner, recipient, message } = claimed
  const { kind, code, reason } = endOf(claimed)
  const extra = { recipient, deliveryId, code, reason }
  return {
    deliveryId,
    owner,
    state: kind,
    dueAt: null,
    attempt: null,
    receipts: [await issueReceipt(issuer, kind, { message, digests: claimed, at: now(), extra })],
  }
}
