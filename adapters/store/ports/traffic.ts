import type { AuditEntry } from '../../../schemas/audit.ts'
import type { DeliveryState } from '../../../schemas/message.ts'
import type { Pace } from '../../../schemas/pace.ts'

/** What an operator has asked for one body. */
export interface Orders {
  readonly agency: string
  readonly paused: boolean
  readonly pausedAt: number | null
  readonly pauseReason: string | null
  /** Since when nothing new is taken from it as a sender; null = it is. */
  readonly drainingAt: number | null
  readonly drainReason: string | null
  readonly pace: Pace
}

/** What is to be changed of it. */
export type OrderChange = Partial<
  Pick<Orders, 'paused' | 'pauseReason' | 'drainReason' | 'pace'> & { readonly draining: boolean }
>

/** How deliveries to and from one body stand. Times in ms. */
export interface Traffic extends Orders {
  /** Outside the hours of its pace until then; 0 = inside. */
  readonly shutUntil: number
  readonly breaker: { readonly failures: number; readonly openUntil: number; readonly openings: number }
  /** Published or being sent under a live lease. */
  readonly inFlight: number
  /** Deliveries to it that are not over, by state. */
  readonly waiting: Readonly<Partial<Record<DeliveryState, number>>>
  /** Acceptance of the oldest that is due; null where none is. */
  readonly oldestAt: number | null
  readonly lastSuccessAt: number | null
  readonly lastFailureAt: number | null
  readonly lastFailureCode: string | null
  /** Deliveries of its own messages that are not over, counted while it is drained; null otherwise. */
  readonly outgoing: number | null
}

/** A recipient for which something is due. */
export interface Backlog {
  readonly agency: string
  readonly due: number
  readonly oldestAt: number
}

/** Pause, drain and pace of each body: read by N processes, changed by operators. */
export interface TrafficStore {
  /** Changes orders and takes back the tickets that they forbid. `audit` is told both sides, as read in the same transaction. */
  order(
    agency: string,
    change: OrderChange,
    how: { readonly now: number; readonly audit: (before: Orders, after: Orders) => readonly AuditEntry[] },
  ): Promise<Orders>
  /** Shuts or opens a body according to the hours of its pace at `now`. Several processes may ask at once. */
  turnGate(agency: string, now: number): Promise<void>
  /** Remembers that these bodies took something. */
  noteSuccess(agencies: readonly string[], now: number): Promise<void>
  traffic(agency: string, now: number): Promise<Traffic>
  backlogs(): Promise<readonly Backlog[]>
}
