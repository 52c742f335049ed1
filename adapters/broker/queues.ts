import { closeChannel, openChannel } from './channel.ts'
import type { Link } from './connection.ts'
import { createHands } from './hands.ts'
import { reasonOf } from './log.ts'
import type { BrokerLog } from './log.ts'
import { pause } from './pause.ts'
import { queueOf, queueOptions } from './topology.ts'

/** Declarations at once; each has a channel of its own, since a refused one closes it. */
const declareAtOnce = 32
/**
 * Before a missing queue is declared again. The broker needs a moment to cancel its consumers (measured on 3.10: 30 ms); where the same
 * name is back before, it goes on delivering to them without sending anything, and says nothing.
 */
const mourningMs = 1_000

export interface Queues {
  /** The name of the agency's queue once it is there; declares it the first time. Rejects when the broker does not allow it. */
  ready(agency: string): Promise<string>
  /** The queue is missing: declare it again, but not at once. */
  forget(agency: string): void
}

interface QueuesOptions {
  /** Must never publish: an alarm would stop the declarations too. */
  readonly link: Link
  readonly prefix: string
  readonly log: BrokerLog
}

/**
 * Declares each queue once for all that use it. Not only for speed: RabbitMQ 3.10 tells a second declarer that the queue is there before
 * it is, and who then consumes from it loses the whole connection (541 INTERNAL_ERROR).
 */
export function createQueues({ link, prefix, log }: QueuesOptions): Queues {
  const declared = new Map<string, Promise<string>>()
  const underWay = new Set<string>()
  const missing = new Set<string>()

  const declare = async (agency: string) => {
    const model = link.current()
    if (model === undefined) throw new Error('no connection')
    const channel = await openChannel(link, model, (open) => open.createChannel())
    channel.on('error', () => undefined) // the declaration rejects with it
    try {
      await channel.assertQueue(queueOf(prefix, agency), queueOptions)
    } finally {
      await closeChannel(channel)
    }
  }
  const failed = (agency: string, error: unknown) =>
    log.warn('broker.queue_refused', { queue: queueOf(prefix, agency), reason: reasonOf(error) })
  const hands = createHands({ size: declareAtOnce, handle: declare, failed })

  const begin = async (agency: string) => {
    underWay.add(agency)
    if (missing.delete(agency)) await pause(mourningMs, link.closed)
    const handled = await hands.run(agency)
    underWay.delete(agency)
    if (handled === 'done') return queueOf(prefix, agency)
    declared.delete(agency)
    throw new Error('the queue cannot be declared')
  }

  return {
    ready: (agency) => {
      const queue = declared.get(agency) ?? begin(agency)
      declared.set(agency, queue)
      return queue
    },
    forget: (agency) => {
      if (underWay.has(agency)) return
      declared.delete(agency)
      missing.add(agency)
    },
  }
}
