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

  async function serve(agency: string, state: AgencyState | undefined, isDue: boolean): Promise<boolean> {
    const now = deps.now()
    const size = windowSize(deps.window, state, now)
    const busy = size > 0 && (isDue || touched.delete(agency)) ? await deps.store.inFlight(agency, now) : 0
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
      let more = false
      for (const { code } of deps.directory().agencies.filter((agency) => deps.isPushed(agency.code)))
        more = (await serve(code, states.get(code), due.has(code))) || more
      return more
    },
  }
}
