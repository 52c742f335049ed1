import type { Broker, Ticket } from '../adapters/broker/broker.ts'
import type { AgencyState, Store } from '../adapters/store/store.ts'
import { noPace, shutUntil } from '../schemas/pace.ts'
import { breakerPhase, windowSize } from './clocks.ts'
import type { Directory } from './directory.ts'
import type { Failpoint } from './failpoint.ts'

/** Hands tickets to the broker; what it does not confirm is published again when its lease is over. */
export type Publish = (tickets: readonly Ticket[]) => Promise<void>

/** A lease as it is written to SQL. */
export interface Lease {
  readonly owner: string
  readonly until: number
}

/** Room in the window of each recipient, as this process last saw it: intake takes from it to publish without waiting for the poll. */
export interface Room {
  take(agency: string): Lease | null
}

export interface Relay extends Room {
  readonly publish: Publish
  /** One round over all recipients. Answers whether there is more to do at once. */
  round(): Promise<boolean>
}

export interface RelayDeps {
  readonly store: Pick<
    Store,
    'agencyStates' | 'dueAgencies' | 'inFlight' | 'leaseDue' | 'takeProbe' | 'turnGate'
  >
  readonly broker: Pick<Broker, 'publish' | 'state'>
  readonly directory: () => Directory
  /** Whether deliveries of this body are pushed; the others wait for its own pull. */
  readonly isPushed: (agency: string) => boolean
  readonly owner: string
  readonly now: () => number
  readonly failpoint: Failpoint
  /** Ids in flight per recipient at most: 2 × prefetch. */
  readonly window: number
  readonly leaseMs: number
}

/** One recipient in one round. */
interface Serving {
  readonly agency: string
  readonly state: AgencyState | undefined
  readonly isDue: boolean
  /** How many are out already. */
  readonly busy: number
}

/** What bulk may take of a window, so that what comes live never waits behind a whole window of it. */
const bulkMost = (size: number, state: AgencyState | undefined): number =>
  Math.max(1, Math.floor((size * (state?.pace ?? noPace).bulkShare) / 100))

/**
 * Keeps at most a window of ids published per recipient, chosen by priority, then due time: so priority, pause and pace
 * act at once and the broker holds no backlog that could outlive a lease.
 */
export function createRelay(deps: RelayDeps): Relay {
  const tokens = new Map<string, number>()
  const touched = new Set<string>()
  const lease = (): Lease => ({ owner: deps.owner, until: deps.now() + deps.leaseMs })

  const publish: Publish = async (tickets) => {
    if (tickets.length === 0) return
    await deps.broker.publish(tickets)
    deps.failpoint('relay:after-publish')
  }

  /** Counts what is out, once for all recipients that have something due or were given something since. */
  async function countBusy(
    codes: readonly string[],
    due: ReadonlySet<string>,
  ): Promise<(code: string) => number> {
    const asked = codes.filter((code) => touched.delete(code) || due.has(code))
    const before = new Map(asked.map((code) => [code, tokens.get(code) ?? 0]))
    const busy = asked.length === 0 ? new Map<string, number>() : await deps.store.inFlight(asked, deps.now())
    const taken = (code: string) => (before.get(code) ?? 0) - (tokens.get(code) ?? 0) // by intake, meanwhile
    return (code) => (before.has(code) ? (busy.get(code) ?? 0) + Math.max(0, taken(code)) : 0)
  }

  async function serve({ agency, state, isDue, busy }: Serving): Promise<boolean> {
    const now = deps.now()
    const size = windowSize(deps.window, state, now)
    const room = Math.max(0, size - busy)
    if (!isDue || room === 0) {
      tokens.set(agency, breakerPhase(state, now) === 'closed' ? room : 0)
      return false
    }
    tokens.set(agency, 0)
    if (
      breakerPhase(state, now) === 'probe' &&
      !(await deps.store.takeProbe(agency, now, now + deps.leaseMs))
    )
      return false
    const ids = await deps.store.leaseDue(agency, room, { ...lease(), now }, bulkMost(size, state))
    deps.failpoint('relay:after-lease')
    await publish(ids.map((id) => ({ agency, id })))
    return ids.length === room
  }

  /** Opens and shuts recipients by their hours; those that pull, too. */
  async function turnGates(states: Iterable<AgencyState>): Promise<void> {
    const now = deps.now()
    for (const { agency, pace, shutUntil: until } of states)
      if (until !== shutUntil(pace, now)) await deps.store.turnGate(agency, now)
  }

  return {
    publish,
    take(agency) {
      const left = tokens.get(agency) ?? 0
      if (left === 0 || deps.broker.state() !== 'up') return null
      tokens.set(agency, left - 1)
      touched.add(agency)
      return lease()
    },
    async round() {
      const states = new Map((await deps.store.agencyStates()).map((state) => [state.agency, state]))
      await turnGates(states.values())
      if (deps.broker.state() !== 'up') return false
      const due = new Set(await deps.store.dueAgencies(deps.now()))
      const codes = deps
        .directory()
        .agencies.map(({ code }) => code)
        .filter((code) => deps.isPushed(code))
      const busyOf = await countBusy(codes, due)
      let more = false
      for (const code of codes) {
        const serving = { agency: code, state: states.get(code), isDue: due.has(code), busy: busyOf(code) }
        more = (await serve(serving)) || more
      }
      return more
    },
  }
}
