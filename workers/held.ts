import type { AgencyState } from '../adapters/store/store.ts'
import { shutUntil } from '../schemas/pace.ts'

/** Why nothing is lent to a body although something may wait. `until` (ms) is known of hours only. */
export interface Held {
  readonly by: 'pause' | 'hours'
  readonly reason: string | null
  readonly until: number | null
}

/** What holds a body that pulls, at `now` (ms); null where nothing stands in the way. */
export function heldBy(state: AgencyState | undefined, now: number): Held | null {
  if (state === undefined) return null
  if (state.paused) return { by: 'pause', reason: state.pauseReason, until: null }
  const until = shutUntil(state.pace, now)
  return until === 0 ? null : { by: 'hours', reason: null, until }
}
