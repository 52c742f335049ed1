import type { Broker, BrokerState } from './broker.ts'
import { keepChannel } from './channel.ts'
import type { Link } from './connection.ts'
import { createFlight, createPending } from './flight.ts'
import type { Flight, Pending } from './flight.ts'
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
  /** Most unconfirmed tickets at once. */
  readonly window: number
  readonly confirmTimeoutMs: number
}

/** Publishes on one confirm channel. Nothing is kept for later: what cannot be sent now is answered as not confirmed. */
export function createPublisher({
  link,
  queues,
  log,
  window,
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
  const send = async (agency: string, pendings: readonly Pending[]) => {
    const queue = await queues.ready(agency).catch(() => undefined)
    for (const pending of pendings) {
      if (flight !== undefined && queue !== undefined && state() === 'up') flight.send(pending, queue)
      else pending.finish(false)
    }
  }
  const giveUp = (pendings: readonly Pending[]) => {
    for (const pending of pendings) pending.finish(false)
    if (flight?.sweep()) kept.renew()
  }

  return {
    ready,
    state,
    publish: async (tickets) => {
      if (state() !== 'up') return []
      const pendings = tickets.map(createPending)
      const timer = setTimeout(() => giveUp(pendings), confirmTimeoutMs)
      for (const [agency, group] of byAgency(pendings)) void send(agency, group)
      const confirmed = await Promise.all(pendings.map(({ done }) => done))
      clearTimeout(timer)
      return tickets.filter((_, at) => confirmed[at])
    },
  }
}

function byAgency(pendings: readonly Pending[]): ReadonlyMap<string, readonly Pending[]> {
  const groups = new Map<string, Pending[]>()
  for (const pending of pendings) {
    const group = groups.get(pending.ticket.agency) ?? []
    group.push(pending)
    groups.set(pending.ticket.agency, group)
  }
  return groups
}
