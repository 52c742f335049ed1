import { bulkPriority, isMetered, noPace, shutUntil, type Pace } from '../../schemas/pace.ts'

/** A row of `agency_state`. `open_until` 0 = breaker closed; `held_since` is set while paused, not closed, or outside its hours. */
export interface StateRow {
  readonly agency: string
  readonly paused: number
  readonly paused_at: number | null
  readonly pause_reason: string | null
  /** As a sender: what is new from it is refused for now. */
  readonly draining_at: number | null
  readonly drain_reason: string | null
  /** JSON of its pace. */
  readonly pace: string | null
  /** Until when the rate is used up. */
  readonly paid_until: number
  /** Outside its hours until then; 0 = inside. */
  readonly shut_until: number
  readonly held_ms: number
  readonly held_since: number | null
  readonly failures: number
  readonly open_until: number
  readonly openings: number
  readonly closed_at: number
  readonly probe_until: number
  readonly success_at: number | null
  readonly failure_at: number | null
  readonly failure_code: string | null
}

export const freshState = (agency: string): StateRow => ({
  agency,
  paused: 0,
  paused_at: null,
  pause_reason: null,
  draining_at: null,
  drain_reason: null,
  pace: null,
  paid_until: 0,
  shut_until: 0,
  held_ms: 0,
  held_since: null,
  failures: 0,
  open_until: 0,
  openings: 0,
  closed_at: 0,
  probe_until: 0,
  success_at: null,
  failure_at: null,
  failure_code: null,
})

export const paceOf = (state: Pick<StateRow, 'pace'> | undefined): Pace =>
  typeof state?.pace === 'string' ? (JSON.parse(state.pace) as Pace) : noPace // written by `order`

/** The agency's hold clock: milliseconds it has spent paused, outside its hours or behind its breaker, until `now`. */
export const holdMs = (state: StateRow | undefined, now: number): number =>
  state === undefined
    ? 0
    : state.held_ms + (state.held_since === null ? 0 : Math.max(0, now - state.held_since))

/** Nothing may go to it at `now`; after `open_until` a probe may. */
export const isBlocked = (state: StateRow | undefined, now: number): boolean =>
  state !== undefined &&
  (state.paused === 1 ||
    state.open_until > now ||
    state.shut_until > now ||
    shutUntil(paceOf(state), now) > 0)

/** Whether a new head may be published without asking again: what is counted (a pace, the share of bulk) is lent by the relay alone. */
export const mayBeBornLeased = (state: StateRow | undefined, priority: number, now: number): boolean =>
  priority < bulkPriority && !isBlocked(state, now) && !isMetered(paceOf(state))

/** Starts or stops the hold clock after a change. A half-open breaker still holds. */
export function withHold(state: StateRow, now: number): StateRow {
  const held = state.paused === 1 || state.open_until > 0 || state.shut_until > 0
  if (held === (state.held_since !== null)) return state
  return held ? { ...state, held_since: now } : { ...state, held_ms: holdMs(state, now), held_since: null }
}
