import type { Claimed, Store } from '../adapters/store/store.ts'
import type { Attempted } from './attempt.ts'
import { lineOf, type AttemptLine } from './attempt-line.ts'
import { grouped, rowLimits } from './batch.ts'
import { endingOf, outcomeRows, type EndingDeps } from './ending.ts'
import type { Failpoint } from './failpoint.ts'
import type { Recorder } from './record.ts'
import { createSpread } from './spread.ts'

export interface DeliverDeps extends EndingDeps {
  readonly store: Pick<Store, 'claimMany'>
  readonly attempt: (claimed: Claimed) => Promise<Attempted>
  readonly record: Recorder
  readonly owner: string
  readonly leaseMs: number
  readonly failpoint: Failpoint
  /** One wide line per attempt. */
  readonly report: (line: AttemptLine) => void
}

/** About 2 ms of a turn of the event loop. */
const sealedPerTurn = 8

/**
 * Delivers the message behind a ticket: claim, attempt, record; only then is the ticket acknowledged. A ticket whose row
 * cannot be claimed (already done, paused, leased elsewhere) is nothing: SQL is the truth. What throws here is our own
 * fault: the claim stays counted, and the lease ends by itself.
 */
export function createDeliver(deps: DeliverDeps): (deliveryId: string) => Promise<void> {
  const claim = createClaim(deps)
  const turn = createSpread(sealedPerTurn)
  return async (deliveryId) => {
    const claimed = await claim(deliveryId)
    if (claimed === null) return
    deps.failpoint('deliver:after-claim')
    await turn()
    const startedAt = deps.now()
    const attempted = await deps.attempt(claimed)
    deps.failpoint('deliver:after-send')
    const ending = await endingOf({ ...attempted, claimed, startedAt }, deps)
    const { recorded } = await deps.record({
      ending,
      recipient: claimed.recipient,
      sign: outcomeRows[attempted.outcome.kind].sign,
    })
    deps.report(lineOf(claimed, ending, recorded))
  }
}

function createClaim({ store, owner, leaseMs, now }: DeliverDeps): (id: string) => Promise<Claimed | null> {
  return grouped(async (ids) => {
    const at = now()
    const claimed = await store.claimMany([...new Set(ids)], { owner, now: at, until: at + leaseMs })
    const byId = new Map(claimed.map((row) => [row.deliveryId, row]))
    return ids.map((id) => {
      const row = byId.get(id) ?? null
      byId.delete(id) // a ticket that came twice in one batch is claimed once
      return row
    })
  }, rowLimits)
}
