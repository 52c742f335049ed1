import type { Broker, BrokerState } from './broker.ts'
import { keepChannel } from './channel.ts'
import type { Link } from './connection.ts'
import { createGather } from './bundle.ts'
import type { Bundle } from './bundle.ts'
import { createFlight } from './flight.ts'
import type { Flight } from './flight.ts'
import type { BrokerLog } from './log.ts'
import type { Queues } from './queues.ts'

export interface Publisher extends Pick<Broker, 'publish' | 'state'> {
  /** Resolves when it can publish for the first time. */
  readonly ready: Promise<void>
}

interface PublisherOptions {
  readonly link: Link
  readonly queues: Queues
  readonly log: BrokerLog
  /** Most unconfirmed messages at once. */
  readonly window: number
  /** Most tickets in one message. */
  readonly bundle: number
  readonly confirmTimeoutMs: number
}

/** Publishes on one confirm channel. Nothing is kept for later: what cannot be sent now is answered as not confirmed. */
export function createPublisher({
  link,
  queues,
  log,
  window,
  bundle: most,
  confirmTimeoutMs,
}: PublisherOptions): Publisher {
  let flight: Flight | undefined
  let begun: () => void
  const ready = new Promise<void>((resolve) => (begun = resolve))

  const kept = keepChannel(link, log, {
    what: 'publish',
    make: (model) => model.createConfirmChannel(),
    begin: (channel) => {
      flight = createFlight({ channel, window, onReturn: (agency) => queues.forget(agency) })
      begun()
    },
    end: () => {
      flight?.drop()
      flight = undefined
    },
  })
  link.onBlocked(() => flight?.drop())

  const state = (): BrokerState => (flight === undefined ? 'down' : link.state())
  const send = async (agency: string, bundles: readonly Bundle[]) => {
    const queue = await queues.ready(agency).catch(() => undefined)
    for (const bundle of bundles) {
      if (flight !== undefined && queue !== undefined && state() === 'up') flight.send(bundle, queue)
      else bundle.finish(false)
    }
  }
  const giveUp = (bundles: readonly Bundle[]) => {
    for (const bundle of bundles) bundle.finish(false)
    if (flight?.sweep()) kept.renew()
  }
  const gather = createGather(most, (byAgency) => {
    const bundles = [...byAgency.values()].flat()
    const timer = setTimeout(() => giveUp(bundles), confirmTimeoutMs)
    for (const [agency, group] of byAgency) void send(agency, group)
    void Promise.all(bundles.map(({ done }) => done)).then(() => clearTimeout(timer))
  })

  return {
    ready,
    state,
    publish: async (tickets) => {
      if (state() !== 'up') return []
      const confirmed = await Promise.all(tickets.map(gather))
      return tickets.filter((_, at) => confirmed[at])
    },
  }
}
