import type { AuditEntry } from '../../../schemas/audit.ts'
import type { DeliveryState } from '../../../schemas/message.ts'
import type { SignedReceipt } from '../../../schemas/receipt.ts'

/** Which deliveries to list, oldest first. */
export interface DeliveryFilter {
  readonly state: DeliveryState
  /** Of these recipients; null = of all. */
  readonly recipients: readonly string[] | null
  /** Accepted at or after, and before, in ms. */
  readonly since?: number | undefined
  readonly before?: number | undefined
  /** Id of the last one already read. */
  readonly after?: string | undefined
  readonly limit: number
}

/** A delivery as an operator's list has it. Holds nothing of the content. Times in ms. */
export interface DeliveryLine {
  readonly id: string
  readonly messageId: string
  readonly recipient: string
  readonly sender: string
  readonly senderRef: string
  readonly action: string
  readonly state: DeliveryState
  readonly priority: number
  readonly claims: number
  readonly attempts: number
  readonly acceptedAt: number
  readonly dueAt: number | null
  readonly settledAt: number | null
  /** Said by the operator who wants it skipped; it is, once it heads its lane. */
  readonly skipReason: string | null
}

/** A lane held by its head. */
export interface BlockedLane {
  readonly head: DeliveryLine
  /** How many wait behind the head. */
  readonly waiting: number
}

/**
 * What came of an operator's act on one delivery. `done`: it took effect. `at_end`: replayed, but at the end of its lane, for the
 * lane has moved on. `already`: it had been asked before, or needs nothing. `over`: it has an outcome that stands.
 */
export type Verdict = 'done' | 'at_end' | 'already' | 'over' | 'unknown'

export interface ActOn {
  readonly now: number
  /** One entry per delivery that is changed, written in the same transaction. */
  readonly audit: (line: {
    readonly id: string
    readonly recipient: string
    readonly before: DeliveryState
    readonly after: DeliveryState
  }) => AuditEntry
}

/** What operators do to single deliveries. Each act locks the lanes it touches first, in the order of their ids. */
export interface DeliveryStore {
  listDeliveries(filter: DeliveryFilter): Promise<readonly DeliveryLine[]>
  /** Heads in `dead`, `parked` or `in_doubt` of lanes, by id. */
  blockedLanes(filter: Omit<DeliveryFilter, 'state'>): Promise<readonly BlockedLane[]>
  findDelivery(id: string): Promise<DeliveryLine | null>
  /**
   * Makes deliveries due again that are dead, parked or in doubt, with a retry clock that begins anew; those refused or skipped get the
   * next place of their lane. At most 200; result i belongs to ids[i]. Twice is as once.
   */
  replayMany(ids: readonly string[], act: ActOn): Promise<readonly Verdict[]>
  /** Marks a delivery: nothing hands it out any more, and it ends as skipped once it heads its lane. One that is under way may still end otherwise. */
  markSkipped(id: string, reason: string, act: ActOn): Promise<Verdict>
  /** Ends a delivery that is in doubt as delivered, on an operator's word. */
  settleDoubt(id: string, receipt: SignedReceipt, act: ActOn): Promise<Verdict>
}
