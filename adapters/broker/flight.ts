import type { ConfirmChannel } from 'amqplib'
import type { Ticket } from './broker.ts'
import { bodyOf, exchange, ticketOptions } from './topology.ts'

/** A ticket whose fate is awaited. The first call of `finish` decides. */
export interface Pending {
  readonly ticket: Ticket
  readonly done: Promise<boolean>
  finish(confirmed: boolean): void
  finished(): boolean
}

export function createPending(ticket: Ticket): Pending {
  let finished = false
  let resolve: (confirmed: boolean) => void
  const done = new Promise<boolean>((decide) => (resolve = decide))
  const finish = (confirmed: boolean) => {
    finished = true
    resolve(confirmed)
  }
  return { ticket, done, finish, finished: () => finished }
}

/** The tickets on one confirm channel. */
export interface Flight {
  /** Sends to the queue in the order of the calls, as the window allows. */
  send(pending: Pending, queue: string): void
  /** Gives up all: none is confirmed. */
  drop(): void
  /** Frees the window of tickets that are finished without an answer. True when so many lack one that the channel should be replaced. */
  sweep(): boolean
}

interface FlightOptions {
  readonly channel: ConfirmChannel
  /** Most tickets that are sent and neither confirmed nor given up. */
  readonly window: number
  readonly onReturn: (agency: string) => void
}

/**
 * Keeps a window of unconfirmed tickets on one channel. Each carries a number of its own (`messageId`), so that a returned one is told from
 * its neighbours: the broker confirms it too, after the return.
 */
export function createFlight({ channel, window, onReturn }: FlightOptions): Flight {
  const waiting: { readonly pending: Pending; readonly queue: string }[] = []
  const flying = new Map<string, Pending>()
  let sent = 0
  let unanswered = 0

  const land = (number: string, confirmed: boolean) => {
    const pending = flying.get(number)
    if (pending === undefined) unanswered -= 1
    else pending.finish(confirmed)
    flying.delete(number)
    fly()
  }
  const write = (pending: Pending, queue: string) => {
    const body = bodyOf(pending.ticket.id)
    if (body === undefined) {
      pending.finish(false)
      return
    }
    sent += 1
    const messageId = String(sent)
    const onAnswer = (error: unknown) => land(messageId, error === null)
    try {
      channel.publish(exchange, queue, body, { ...ticketOptions, messageId }, onAnswer)
      flying.set(messageId, pending)
    } catch {
      pending.finish(false) // the channel is closing
    }
  }
  const fly = () => {
    while (flying.size < window && unanswered < window) {
      const next = waiting.shift()
      if (next === undefined) return
      if (!next.pending.finished()) write(next.pending, next.queue)
    }
  }
  const sweep = () => {
    for (const [number, pending] of flying) {
      if (!pending.finished()) continue
      flying.delete(number)
      unanswered += 1
    }
    fly()
    return unanswered >= window
  }

  channel.on('return', ({ properties }) => {
    const pending = flying.get(String(properties.messageId))
    pending?.finish(false)
    if (pending) onReturn(pending.ticket.agency)
  })

  return {
    send: (pending, queue) => {
      waiting.push({ pending, queue })
      fly()
    },
    drop: () => {
      for (const { pending } of waiting.splice(0)) pending.finish(false)
      for (const pending of flying.values()) pending.finish(false)
      sweep()
    },
    sweep,
  }
}
