import type { Channel, ConsumeMessage } from 'amqplib'
import type { Subscription } from './broker.ts'
import { keepChannel } from './channel.ts'
import type { Link } from './connection.ts'
import { createHands } from './hands.ts'
import type { Handled } from './hands.ts'
import { reasonOf } from './log.ts'
import type { BrokerLog } from './log.ts'
import type { Queues } from './queues.ts'
import { idsOf } from './topology.ts'

/** Unique on its channel, and known before the broker answers, so that a stop can cancel at any time. */
const consumerTag = 'tickets'

interface ConsumerOptions {
  readonly link: Link
  readonly queues: Queues
  readonly log: BrokerLog
  readonly agency: string
  readonly prefetch: number
  readonly handle: (id: string) => Promise<void>
}

/** Consumes one queue on a channel of its own, so that what closes it disturbs no other. */
export function startConsumer({
  link,
  queues,
  log,
  agency,
  prefetch,
  handle,
}: ConsumerOptions): Subscription {
  let channel: Channel | undefined
  let stopped = false
  /** Messages that are not answered yet. */
  const inHand = new Set<Promise<unknown>>()
  const drop = (id: string | undefined, error: unknown) =>
    log.warn('broker.ticket_dropped', { agency, id, reason: reasonOf(error) })
  const hands = createHands({ size: prefetch, handle, failed: drop })

  const handleAll = async (from: Channel, message: ConsumeMessage, ids: readonly string[]) =>
    answer(from, message, worst(await Promise.all(ids.map((id) => hands.run(id)))))

  const take = (from: Channel, message: ConsumeMessage) => {
    const ids = idsOf(message.content)
    if (stopped) answer(from, message, 'forgotten')
    else if (ids !== undefined) {
      const handling: Promise<unknown> = handleAll(from, message, ids).finally(() => inHand.delete(handling))
      inHand.add(handling)
    } else {
      drop(undefined, 'its body is not of 16 bytes an id')
      answer(from, message, 'failed')
    }
  }
  // The broker has cancelled the consumer: its queue is deleted.
  const lose = () => {
    queues.forget(agency)
    kept.renew()
  }
  const kept = keepChannel(link, log, {
    what: `consume ${agency}`,
    make: (model) => model.createChannel(),
    begin: async (fresh) => {
      channel = fresh
      await fresh.prefetch(prefetch)
      const queue = await queues.ready(agency)
      if (stopped) return
      const receive = (message: ConsumeMessage | null) => (message === null ? lose() : take(fresh, message))
      await fresh.consume(queue, receive, { consumerTag }).catch((error: unknown) => {
        queues.forget(agency) // NOT_FOUND, most likely
        throw error
      })
    },
    end: () => {
      channel = undefined
      hands.forget()
    },
  })

  return {
    stop: async () => {
      stopped = true
      if (channel) cancel(channel)
      hands.forget()
      await Promise.all(inHand)
      await kept.stop()
    },
  }
}

/** A message goes back as a whole: a ticket that has been handled is a repeat that the claim in SQL ends. */
const worst = (handled: readonly Handled[]): Handled =>
  (['forgotten', 'failed'] as const).find((bad) => handled.includes(bad)) ?? 'done'

const answers = {
  done: (channel, message) => channel.ack(message),
  failed: (channel, message) => channel.nack(message, false, false),
  forgotten: (channel, message) => channel.nack(message, false, true),
} as const satisfies Record<Handled, (channel: Channel, message: ConsumeMessage) => void>

function answer(channel: Channel, message: ConsumeMessage, handled: Handled): void {
  try {
    answers[handled](channel, message)
  } catch {
    // The channel is gone, and the broker delivers the ticket again: a repeat that the claim in SQL ends.
  }
}

/** Asks for no more tickets. Not waited for: what arrives meanwhile goes back, and closing the channel ends it anyway. */
function cancel(channel: Channel): void {
  channel.cancel(consumerTag).catch(() => undefined)
}
