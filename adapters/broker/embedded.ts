import { GatewayError } from '../../schemas/errors.ts'
import type { Broker, Subscription, Ticket } from './broker.ts'
import { createHands } from './hands.ts'
import type { Hands } from './hands.ts'
import { reasonOf } from './log.ts'
import type { BrokerLog } from './log.ts'
import { within } from './pause.ts'

/** Ids kept for one agency while no consumer is free; those above are not confirmed. */
const limitPerAgency = 10_000

interface Queue {
  readonly ids: string[]
  /** In the order of their turns. */
  readonly consumers: Hands[]
}

/**
 * A broker inside the process: for each agency a queue, first in first out, of at most 10,000 waiting ids. It forgets everything when
 * the process ends; the relay publishes again.
 */
export function createEmbeddedBroker({ log }: { readonly log?: BrokerLog } = {}): Broker {
  const queues = new Map<string, Queue>()
  const subscriptions = new Set<Subscription>()
  let closed = false

  const queueFor = (agency: string): Queue => {
    const queue = queues.get(agency) ?? { ids: [], consumers: [] }
    queues.set(agency, queue)
    return queue
  }
  const take = ({ agency, id }: Ticket): boolean => {
    const queue = queueFor(agency)
    if (queue.ids.length >= limitPerAgency) return false
    queue.ids.push(id)
    dispatch(queue)
    return true
  }

  return {
    publish: (tickets) => Promise.resolve(closed ? [] : tickets.filter(take)),
    consume: async (agency, prefetch, handle) => {
      if (closed) throw new GatewayError('unavailable', { reason: 'the broker is closed' })
      const failed = (id: string, error: unknown) =>
        log?.warn('broker.ticket_dropped', { agency, id, reason: reasonOf(error) })
      const hands = createHands({ size: prefetch, handle, failed })
      const queue = queueFor(agency)
      const subscription = {
        stop: () => {
          subscriptions.delete(subscription)
          leave(queue, hands)
          return hands.idle()
        },
      }
      subscriptions.add(subscription)
      queue.consumers.push(hands)
      dispatch(queue)
      return Promise.resolve(subscription)
    },
    state: () => (closed ? 'down' : 'up'),
    close: async (graceMs) => {
      closed = true
      await within(graceMs, Promise.all([...subscriptions].map((subscription) => subscription.stop())))
      queues.clear()
    },
  }
}

/** Hands ids to the consumers in turn, while one of them has a hand free. */
function dispatch(queue: Queue): void {
  const turn = queue.consumers.findIndex((hands) => hands.free() > 0)
  const hands = queue.consumers[turn]
  if (hands === undefined) return
  const id = queue.ids.shift()
  if (id === undefined) return
  queue.consumers.splice(turn, 1)
  queue.consumers.push(hands)
  void hands.run(id).then(() => dispatch(queue))
  dispatch(queue)
}

function leave({ consumers }: Queue, hands: Hands): void {
  const at = consumers.indexOf(hands)
  if (at >= 0) consumers.splice(at, 1)
}
