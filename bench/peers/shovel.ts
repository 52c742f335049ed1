import { connect, type ConfirmChannel } from 'amqplib'
import type { Rabbit } from '../support/services.ts'

const source = 'bench-shovel-from'
const target = 'bench-shovel-to'
const shovel = 'bench'
const window = 500

/**
 * Carries messages through RabbitMQ's own shovel, from a queue to a queue of one node: confirmed when published, confirmed by
 * the shovel before it acknowledges, acknowledged by the reader at the end. No seal, no receipt, no store. Answers messages per second.
 */
export async function measureShovel(
  rabbit: Rabbit,
  { bytes, messages }: { bytes: number; messages: number },
): Promise<number> {
  const model = await connect(rabbit.url, { noDelay: true })
  try {
    const channel = await model.createConfirmChannel()
    for (const queue of [source, target])
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    await rabbit.ctl('set_parameter', 'shovel', shovel, JSON.stringify(parameters))
    const reader = await model.createChannel()
    await reader.prefetch(window)
    let read = 0
    const began = performance.now()
    const all = new Promise<void>((resolve) => {
      void reader.consume(target, (message) => {
        if (message === null) return
        reader.ack(message)
        read += 1
        if (read === messages) resolve()
      })
    })
    await publish(channel, { bytes, messages })
    await all
    const seconds = (performance.now() - began) / 1_000
    await rabbit.ctl('clear_parameter', 'shovel', shovel)
    for (const queue of [source, target]) await channel.deleteQueue(queue)
    return messages / seconds
  } finally {
    await model.close()
  }
}

const parameters = {
  'src-protocol': 'amqp091',
  'src-uri': 'amqp://',
  'src-queue': source,
  'src-prefetch-count': window,
  'dest-protocol': 'amqp091',
  'dest-uri': 'amqp://',
  'dest-queue': target,
  'ack-mode': 'on-confirm',
}

/** Keeps a window of messages unconfirmed. */
async function publish(
  channel: ConfirmChannel,
  { bytes, messages }: { bytes: number; messages: number },
): Promise<void> {
  const body = Buffer.alloc(bytes, 'x')
  let underWay = 0
  let wake: () => void = () => undefined
  for (let sent = 0; sent < messages; sent += 1) {
    while (underWay >= window) await new Promise<void>((resolve) => (wake = resolve))
    underWay += 1
    channel.sendToQueue(source, body, { persistent: true }, () => {
      underWay -= 1
      wake()
    })
  }
  await channel.waitForConfirms()
}
