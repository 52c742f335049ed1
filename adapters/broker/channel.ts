import { IllegalOperationError } from 'amqplib'
import type { Channel, ChannelModel } from 'amqplib'
import type { Link } from './connection.ts'
import { reasonOf } from './log.ts'
import type { BrokerLog } from './log.ts'
import { pause } from './pause.ts'

const firstPauseMs = 100
const longestPauseMs = 5_000
const patienceMs = 10_000
/** A channel that lived so long had no fault of its own: its successor comes at once. */
const healthyMs = 10_000

export interface ChannelRecipe<C extends Channel> {
  /** For the log. */
  readonly what: string
  readonly make: (model: ChannelModel) => Promise<C>
  /** Puts a new channel to work. Throws to have another one made later. */
  readonly begin: (channel: C) => Promise<void> | void
  /** The channel is gone: closed by us or by the broker, or with its connection. */
  readonly end: () => void
}

export interface KeptChannel {
  /** Closes the channel; another one follows. */
  renew(): void
  /** Closes the channel for good. */
  stop(): Promise<void>
}

/** Keeps one channel at work whatever closes it: an error of its own, a cancelled consumer, the loss of its connection. */
export function keepChannel<C extends Channel>(
  link: Link,
  log: BrokerLog,
  recipe: ChannelRecipe<C>,
): KeptChannel {
  const stopping = new AbortController()
  const over = AbortSignal.any([stopping.signal, link.closed])
  let current: Channel | undefined

  const use = async (model: ChannelModel) => {
    const channel = await openChannel(link, model, recipe.make)
    const closed = new Promise<void>((resolve) => channel.once('close', resolve))
    let fault: Error | undefined
    channel.on('error', (error) => (fault = error))
    current = channel
    // A queue without a leader lets a consumer wait without an answer.
    const slow = setTimeout(() => log.warn('broker.channel_waits', { channel: recipe.what }), patienceMs)
    try {
      if (!over.aborted) await recipe.begin(channel)
      clearTimeout(slow)
      if (!over.aborted) await closed
      if (fault) throw fault
    } finally {
      clearTimeout(slow)
      current = undefined
      recipe.end()
      await closeChannel(channel)
    }
  }
  const keep = async () => {
    let failures = 0
    for (;;) {
      const model = await link.model()
      if (model === undefined || over.aborted) return
      const startedAt = Date.now()
      await use(model).catch((error: unknown) => {
        if (!over.aborted) log.warn('broker.channel_lost', { channel: recipe.what, reason: reasonOf(error) })
      })
      failures = Date.now() - startedAt > healthyMs ? 0 : failures + 1
      await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1)), over)
    }
  }
  void keep()

  return {
    renew: () => void (current && closeChannel(current)),
    stop: async () => {
      stopping.abort()
      if (current) await closeChannel(current)
    },
  }
}

/** Opens a channel. Where that is no longer lawful the connection is dead, and the link hears it in case amqplib did not tell. */
export async function openChannel<C extends Channel>(
  link: Link,
  model: ChannelModel,
  make: (model: ChannelModel) => Promise<C>,
): Promise<C> {
  try {
    return await make(model)
  } catch (error) {
    if (error instanceof IllegalOperationError) link.bury(model, error)
    throw error
  }
}

/** Resolves when the channel is closed, also if its connection dies meanwhile (amqplib's own promise would never settle then). */
export function closeChannel(channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    channel.once('close', resolve)
    channel.close().catch(() => resolve())
  })
}
