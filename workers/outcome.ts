import type { Claimed, Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import type { AlertEvent } from '../schemas/alert.ts'
import { GatewayError } from '../schemas/errors.ts'
import { settledStates, type DeliveryState } from '../schemas/message.ts'
import type { Alerts } from './alerts.ts'
import { speaksFor } from './authorise.ts'
import { grouped, rowLimits } from './batch.ts'
import type { Directory } from './directory.ts'
import { issueReceipt, type Issuer } from './receipts.ts'
import type { Watch } from './watch.ts'

/** Where the recipient names none. */
const refusalCode = 'refused_by_recipient'

/** What a recipient reports of a delivery that it has taken. */
export interface OutcomeReport {
  readonly outcome: 'processed' | 'refused'
  readonly code?: string | undefined
  readonly reason?: string | undefined
}

/** Settles a delivery by its recipient's word. The same word again is no fault; another is `already_settled`. */
export type ReportOutcome = (
  caller: Caller,
  deliveryId: string,
  report: OutcomeReport,
) => Promise<{ readonly state: DeliveryState }>

export interface OutcomeDeps {
  readonly store: Pick<Store, 'findClaimed' | 'settleMany'>
  readonly directory: () => Directory
  readonly issuer: Issuer
  readonly watch: Pick<Watch, 'moved'>
  readonly alerts: Pick<Alerts, 'raise'>
  readonly now: () => number
}

/**
 * `processed` or `refused`, said after the delivery, whether it was pushed or pulled. The sender finds the signed receipt with its
 * message; the lane has moved on long since.
 */
export function createReportOutcome({
  store,
  directory,
  issuer,
  watch,
  alerts,
  now,
}: OutcomeDeps): ReportOutcome {
  const settle = grouped(
    (outcomes: Parameters<Store['settleMany']>[0]) => store.settleMany(outcomes),
    rowLimits,
  )
  return async (caller, deliveryId, report) => {
    const found = await store.findClaimed(deliveryId, now())
    if (found === null || !speaksFor(caller, found.recipient, directory()))
      throw new GatewayError('not_found', { field: 'id' })
    if (found.state !== 'delivered') return judge(found.state, report)
    const receipt = await receiptOf(found, report, { issuer, at: now() })
    const { settled, state } = await settle({ deliveryId: found.deliveryId, state: report.outcome, receipt })
    watch.moved([found.deliveryId])
    if (settled && state === 'refused') alerts.raise(refusalOf(found, report))
    return settled ? { state } : judge(state, report)
  }
}

const refusalOf = ({ message, deliveryId }: Claimed, { code = refusalCode }: OutcomeReport): AlertEvent => ({
  kind: 'refused',
  agency: message.sender,
  code,
  deliveryId,
})

function judge(state: DeliveryState, { outcome }: OutcomeReport): { readonly state: DeliveryState } {
  if (state === outcome) return { state }
  // Its answer to the push is not recorded yet, or comes to nothing: it may say this again then.
  if (!settledStates.has(state)) throw new GatewayError('not_delivered', { field: 'id', reason: state })
  throw new GatewayError('already_settled', { field: 'outcome', reason: state })
}

function receiptOf(
  { message, recipient, deliveryId, contentHash, originalDigest }: Claimed,
  { outcome, code = refusalCode, reason = '' }: OutcomeReport,
  { issuer, at }: { readonly issuer: Issuer; readonly at: number },
) {
  const extra = { recipient, deliveryId, ...(outcome === 'refused' ? { code, reason } : {}) }
  return issueReceipt(issuer, outcome, { message, digests: { contentHash, originalDigest }, at, extra })
}
