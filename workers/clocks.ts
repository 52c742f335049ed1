import type { AgencyState } from '../adapters/store/store.ts'

/** The retry clock: 10 s doubling to 1 h. */
const firstRetryMs = 10_000
const longestRetryMs = 3_600_000

/**
 * When to try again after `attempts` outcomes (this one included). Full back-off less up to a half, by `random` in [0, 1),
 * so that a crowd that failed together does not come back together. A recipient's own `afterSeconds` is a lower bound.
 */
export function nextAttemptAt(input: {
  readonly attempts: number
  readonly now: number
  readonly random: number
  readonly afterSeconds?: number | undefined
}): number {
  const full = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(input.attempts - 1, 20))
  const jittered = full * (1 - input.random / 2)
  const asked = Math.min((input.afterSeconds ?? 0) * 1000, longestRetryMs)
  return Math.round(input.now + Math.max(jittered, asked))
}

/** Failures in a row that open a recipient's breaker. */
export const breakerThreshold = 5

/** How long a breaker stays open the n-th time in a row: 5 s doubling to 5 minutes. */
export function breakerOpenMs(openings: number): number {
  return Math.min(300_000, 5_000 * 2 ** Math.min(openings - 1, 10))
}

/** Whether a breaker is open (`open`), may be probed (`probe`) or is closed. */
export function breakerPhase(state: AgencyState | undefined, now: number): 'closed' | 'open' | 'probe' {
  if (state === undefined || state.openUntil === 0) return 'closed'
  return state.openUntil > now ? 'open' : 'probe'
}

/** Step of the ramp after a recipient has come back: the window doubles every 250 ms, from one. */
const rampStepMs = 250

/** How many ids of a recipient may be in flight now, so that a backlog drains without a storm. */
export function windowSize(full: number, state: AgencyState | undefined, now: number): number {
  if (state?.paused === true || (state?.shutUntil ?? 0) > now) return 0
  const phase = breakerPhase(state, now)
  if (phase === 'open') return 0
  if (phase === 'probe') return 1
  const steps = Math.floor((now - (state?.closedAt ?? 0)) / rampStepMs)
  return Math.min(full, 2 ** Math.min(Math.max(steps, 0), 30))
}
