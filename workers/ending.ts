import type { Claimed, Ending } from '../adapters/store/store.ts'
import { families, type Family } from '../schemas/actions.ts'
import type { Outcome } from '../schemas/outcome.ts'
import type { ReceiptKind } from '../schemas/receipt.ts'
import type { Attempted } from './attempt.ts'
import { nextAttemptAt } from './clocks.ts'
import { issueReceipt, type Issuer } from './receipts.ts'

type EndState = Ending['state']

/** What an attempt says of its recipient: `failure` counts towards the breaker, `fault` opens it at once, `success` closes it. */
export type Sign = 'success' | 'failure' | 'fault' | 'none'

/** Everything known about an outcome: the state it leads to, the receipts it earns, and what it says of the recipient. */
interface OutcomeRow {
  readonly state: EndState
  readonly receipts: readonly ReceiptKind[]
  readonly sign: Sign
}

export const outcomeRows: Readonly<Record<Outcome['kind'], OutcomeRow>> = {
  delivered: { state: 'delivered', receipts: ['delivered'], sign: 'success' },
  found: { state: 'delivered', receipts: ['delivered'], sign: 'success' },
  processed: { state: 'processed', receipts: ['delivered', 'processed'], sign: 'success' },
  refused: { state: 'refused', receipts: ['refused'], sign: 'success' },
  retry: { state: 'due', receipts: [], sign: 'failure' },
  fault: { state: 'due', receipts: [], sign: 'fault' },
  in_doubt: { state: 'in_doubt', receipts: [], sign: 'failure' },
  unsure: { state: 'due', receipts: [], sign: 'failure' },
  unsendable: { state: 'parked', receipts: [], sign: 'none' },
}

export interface EndingDeps {
  readonly issuer: Issuer
  readonly now: () => number
  readonly random: () => number
}

/** One attempt's facts, as the delivery worker measured them. */
export interface Finished extends Attempted {
  readonly claimed: Claimed
  readonly startedAt: number
}

/** Decides what an outcome means for a delivery, and signs the receipts it earns. The retry clock runs out by counted age. */
export async function endingOf(finished: Finished, deps: EndingDeps): Promise<Ending> {
  const { claimed, outcome, startedAt } = finished
  const now = deps.now()
  const row = rowOf(claimed, outcome)
  const code = 'code' in outcome ? outcome.code : null
  const reason = 'reason' in outcome ? outcome.reason : null
  return {
    deliveryId: claimed.deliveryId,
    owner: claimed.owner,
    state: row.state,
    ...(row.state === 'due' && outcome.kind === 'unsure' ? { doubtedAt: outcome.doubtedAt } : {}),
    dueAt: row.state === 'due' ? retryAt(claimed, outcome, now, deps.random()) : null,
    attempt: { at: startedAt, durationMs: now - startedAt, outcome: outcome.kind, code, reason },
    receipts: await Promise.all(row.receipts.map((kind) => receiptFor(kind, finished, deps))),
  }
}

const deadRow: OutcomeRow = { state: 'dead', receipts: ['dead'], sign: 'failure' }

/** What an outcome comes to once the retry clock has run out. */
const overRows: Readonly<Partial<Record<Outcome['kind'], OutcomeRow>>> = {
  retry: deadRow,
  fault: deadRow,
  unsure: outcomeRows.in_doubt,
}

function rowOf({ ageMs, message }: Claimed, { kind }: Outcome): OutcomeRow {
  const over = ageMs >= retryForMs(message.family) ? overRows[kind] : undefined
  return over ?? outcomeRows[kind]
}

/** How long a family is tried: 15 days or 72 hours of counted age. */
function retryForMs(family: string): number {
  return families[family as Family].retryForMs // a stored message has passed the table of actions
}

function retryAt({ attempts }: Claimed, outcome: Outcome, now: number, random: number): number {
  const afterSeconds = 'afterSeconds' in outcome ? outcome.afterSeconds : undefined
  return nextAttemptAt({ attempts: attempts + 1, now, random, afterSeconds })
}

function receiptFor(
  kind: ReceiptKind,
  { claimed, outcome, sealedDigest }: Finished,
  { issuer, now }: EndingDeps,
) {
  const { message, recipient, deliveryId } = claimed
  const extra = {
    recipient,
    deliveryId,
    ...(sealedDigest === null ? {} : { sealedDigest }),
    ...('code' in outcome ? { code: outcome.code, reason: outcome.reason } : {}),
  }
  return issueReceipt(issuer, kind, { message, digests: claimed, at: now(), extra })
}
