import { GatewayError } from '../../schemas/errors.ts'
import type { Broker, BrokerState, Subscription } from './broker.ts'
import { openLink } from './connection.ts'
import { startConsumer } from './consumer.ts'
import type { BrokerLog } from './log.ts'
import { within } from './pause.ts'
import { createPublisher } from './publisher.ts'
import { createQueues } from './queues.ts'
import { defaultPrefix } from './topology.ts'

export interface RabbitOptions {
  /** amqp: or amqps:, with credentials and virtual host; `?heartbeat=` in seconds, 10 if absent. */
  readonly url: string
  /** First word of the queue names. */
  readonly prefix?: string
  /** How long a publish may take, in all. */
  readonly confirmTimeoutMs: number
  /** Most unconfirmed messages at once. */
  readonly window: number
  /** Most tickets in one message; a consumer gets so many together. */
  readonly bundle: number
  readonly log: BrokerLog
}

/**
 * A broker on RabbitMQ, 3.10 or later. Resolves when it is up, when the first attempt to connect has failed, or after `confirmTimeoutMs`:
 * a broker that is away does not stop the gateway from starting. Throws only at an address that is none.
 */
export async function connectRabbitBroker(options: RabbitOptions): Promise<Broker> {
  const { url, prefix = defaultPrefix, confirmTimeoutMs, window, bundle, log } = options
  // Two connections: an alarm stops the broker from reading the one that publishes, and acknowledgements must not stop with it.
  const publishing = await openLink({ url, name: `${prefix} publish`, log })
  const consuming = await openLink({ url, name: `${prefix} consume`, log })
  const queues = createQueues({ link: consuming, prefix, log })
  const publisher = createPublisher({ link: publishing, queues, log, window, bundle, confirmTimeoutMs })
  const subscriptions = new Set<Subscription>()
  let closed = false

  const bothUp = Promise.all([publisher.ready, consuming.model()])
  await within(confirmTimeoutMs, Promise.race([bothUp, publishing.failed, consuming.failed]))

  return {
    publish: (tickets) => publisher.publish(tickets),
    consume: async (agency, prefetch, handle) => {
      if (closed) throw new GatewayError('unavailable', { reason: 'the broker is closed' })
      const consumer = startConsumer({ link: consuming, queues, log, agency, prefetch, handle })
      const subscription = {
        stop: () => {
          subscriptions.delete(subscription)
          return consumer.stop()
        },
      }
      subscriptions.add(subscription)
      return Promise.resolve(subscription)
    },
    state: () => worse(publisher.state(), consuming.state()),
    close: async (graceMs) => {
      closed = true
      await within(graceMs, Promise.all([...subscriptions].map((subscription) => subscription.stop())))
      await Promise.all([publishing.close(), consuming.close()])
    },
  }
}

function worse(publishing: BrokerState, consuming: BrokerState): BrokerState {
  return consuming === 'down' ? 'down' : publishing
}
