/** A row of `agency_state`. `open_until` 0 = breaker closed; `held_since` is set while paused or not closed. */
export interface StateRow {
  readonly agency: string
  readonly paused: number
  readonly held_ms: number
  readonly held_since: number | null
  readonly failures: number
  readonly open_until: number
  readonly openings: number
  readonly closed_at: number
  readonly probe_until: number
}

export const freshState = (agency: string): StateRow => ({
  agency,
  paused: 0,
  held_ms: 0,
  held_since: null,
  failures: 0,
  open_until: 0,
  openings: 0,
  closed_at: 0,
  probe_until: 0,
})

/** The agency's hold clock: milliseconds it has spent paused or behind its breaker, until `now`. */
export const holdMs = (state: StateRow | undefined, now: number): number =>
  state === undefined
    ? 0
    : state.held_ms + (state.held_since === null ? 0 : Math.max(0, now - state.held_since))

/** Nothing may go to it at `now`; after `open_until` a probe may. */
export const isBlocked = (state: StateRow | undefined, now: number): boolean =>
  state !== undefined && (state.paused === 1 || state.open_until > now)

/** Starts or stops the hold clock after a change. A half-open breaker still holds. */
export function withHold(state: StateRow, now: number): StateRow {
  const held = state.paused === 1 || state.open_until > 0
  if (held === (state.held_since !== null)) return state
  return held ? { ...state, held_since: now } : { ...state, held_ms: holdMs(state, now), held_since: null }
}
