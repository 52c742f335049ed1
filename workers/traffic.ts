import type { OrderChange, Orders, Traffic } from '../adapters/store/ports/traffic.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { auditEntry } from '../schemas/audit.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Json } from '../schemas/message.ts'
import type { Pace } from '../schemas/pace.ts'
import { newId } from '../signing/new-id.ts'
import type { Directory } from './directory.ts'
import { assertInSight } from './sight.ts'

export interface TrafficDeps {
  readonly store: Pick<Store, 'order' | 'traffic'>
  readonly directory: () => Directory
  readonly now: () => number
}

/**
 * What operators ask of the traffic of one body; it holds for every process from the commit on.
 *
 * `pause`: nothing more is started to the body and nothing is lent to it; what is under way ends; what comes for it is accepted and
 * waits, without ageing. `drain`: the body as a sender, before it moves or stops: nothing new is taken from it (503, `Retry-After`),
 * what was accepted goes out; deliveries to it go on. `resume` ends both.
 */
export interface TrafficOrders {
  pause(caller: Caller, code: string, reason: string): Promise<Traffic>
  resume(caller: Caller, code: string, reason: string): Promise<Traffic>
  drain(caller: Caller, code: string, reason: string): Promise<Traffic>
  setPace(
    caller: Caller,
    code: string,
    ask: { readonly pace: Pace; readonly reason: string },
  ): Promise<Traffic>
  read(caller: Caller, code: string): Promise<Traffic>
}

interface Order {
  readonly act: string
  readonly change: OrderChange
  readonly reason: string
}

/** Governs the traffic of bodies. Each change is audited with before, after and the reason given. */
export function createTrafficOrders({ store, directory, now }: TrafficDeps): TrafficOrders {
  async function give(caller: Caller, code: string, { act, change, reason }: Order): Promise<Traffic> {
    if (directory().agency(code) === undefined) throw new GatewayError('not_found', { field: 'code' })
    const at = now()
    await store.order(code, change, {
      now: at,
      audit: (before, after) => [
        auditEntry(
          caller,
          { act, object: code, body: code, before: valueOf(before), after: valueOf(after), reason },
          { id: newId(), at },
        ),
      ],
    })
    return store.traffic(code, at)
  }

  return {
    pause: (caller, code, reason) =>
      give(caller, code, { act: 'agency.pause', change: { paused: true, pauseReason: reason }, reason }),
    resume: (caller, code, reason) =>
      give(caller, code, { act: 'agency.resume', change: { paused: false, draining: false }, reason }),
    drain: (caller, code, reason) =>
      give(caller, code, { act: 'agency.drain', change: { draining: true, drainReason: reason }, reason }),
    setPace: (caller, code, { pace, reason }) =>
      give(caller, code, { act: 'agency.pace', change: { pace }, reason }),
    read(caller, code) {
      assertInSight(caller, code, directory())
      return store.traffic(code, now())
    },
  }
}

/** Orders as the audit keeps them. */
const valueOf = ({ agency: _, ...orders }: Orders): Json => orders
