import type { ConfirmChannel } from 'amqplib'
import type { Bundle } from './bundle.ts'
import { exchange, messageOptions } from './topology.ts'

/** The bundles on one confirm channel. */
export interface Flight {
  /** Sends to the queue in the order of the calls, as the window allows. */
  send(bundle: Bundle, queue: string): void
  /** Gives up all: none is confirmed. */
  drop(): void
  /** Frees the window of bundles that are finished without an answer. True when so many lack one that the channel should be replaced. */
  sweep(): boolean
}

interface FlightOptions {
  readonly channel: ConfirmChannel
  /** Most bundles that are sent and neither confirmed nor given up. */
  readonly window: number
  readonly onReturn: (agency: string) => void
}

/**
 * Keeps a window of unconfirmed bundles on one channel. Each carries a number of its own (`messageId`), so that a returned one is told from
 * its neighbours: the broker confirms it too, after the return.
 */
export function createFlight({ channel, window, onReturn }: FlightOptions): Flight {
  const waiting: { readonly bundle: Bundle; readonly queue: string }[] = []
  const flying = new Map<string, Bundle>()
  let sent = 0
  let unanswered = 0

  const land = (number: string, confirmed: boolean) => {
    const bundle = flying.get(number)
    if (bundle === undefined) unanswered -= 1
    else bundle.finish(confirmed)
    flying.delete(number)
    fly()
  }
  const write = (bundle: Bundle, queue: string) => {
    sent += 1
    const messageId = String(sent)
    const onAnswer = (error: unknown) => land(messageId, error === null)
    try {
      channel.publish(exchange, queue, Buffer.concat(bundle.ids), { ...messageOptions, messageId }, onAnswer)
      flying.set(messageId, bundle)
    } catch {
      bundle.finish(false) // the channel is closing
    }
  }
  const fly = () => {
    while (flying.size < window && unanswered < window) {
      const next = waiting.shift()
      if (next === undefined) return
      if (!next.bundle.finished()) write(next.bundle, next.queue)
    }
  }
  const sweep = () => {
    for (const [number, bundle] of flying) {
      if (!bundle.finished()) continue
      flying.delete(number)
      unanswered += 1
    }
    fly()
    return unanswered >= window
  }

  channel.on('return', ({ properties }) => {
    const bundle = flying.get(String(properties.messageId))
    bundle?.finish(false)
    if (bundle) onReturn(bundle.agency)
  })

  return {
    send: (bundle, queue) => {
      waiting.push({ bundle, queue })
      fly()
    },
    drop: () => {
      for (const { bundle } of waiting.splice(0)) bundle.finish(false)
      for (const bundle of flying.values()) bundle.finish(false)
      sweep()
    },
    sweep,
  }
}
