import type { AgencyState } from '../views.ts'

/** State of recipients that all processes share: paused, breaker, probe. */
export interface AgencyStateStore {
  agencyStates(): Promise<readonly AgencyState[]>
  setPaused(agency: string, paused: boolean, now: number): Promise<void>
  /** Counts failures in a row; opens the breaker for `openForMs(openings)` from `threshold` failures on, or at once for a fault. Returns the new state. */
  recordFailures(
    agency: string,
    failures: number,
    rule: {
      now: number
      threshold: number
      atOnce: boolean
      /** Code of the last of them. */
      code?: string | null
      openForMs: (openings: number) => number
    },
  ): Promise<AgencyState>
  /** Closes the breaker, and makes due now what was put off while the recipient was away. */
  recordSuccess(agency: string, now: number): Promise<void>
  /** True for the one caller that may send the probe behind a breaker whose time is over. */
  takeProbe(agency: string, now: number, until: number): Promise<boolean>
}
