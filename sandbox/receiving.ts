import type { Header, Payload } from '../schemas/message.ts'
import type { Reaction, Received, Report, SendOrder } from './orders.ts'
import { digestOf } from './sending.ts'

/** A delivery as it reached a party, opened. */
export interface Arrival {
  readonly deliveryId: string
  readonly messageId: string
  readonly header: Header
  readonly payload: Payload
}

export interface Verdict {
  readonly outcome: 'processed' | 'refused'
  readonly reason?: string
}

export interface Receiver {
  react(reactions: Readonly<Record<string, Reaction>>): void
  /** Takes a delivery in and says what became of it. A repeat of the same delivery has no second effect and the same answer. */
  receive(arrival: Arrival): Verdict
}

/** What a body does with what it receives: tells repeats apart by delivery id, reports, answers, and sends its replies. */
export function createReceiver(deps: {
  readonly report: (report: Report) => void
  readonly reply: (order: SendOrder) => void
}): Receiver {
  const verdicts = new Map<string, Verdict>()
  const replied = new Set<string>()
  let reactions: Readonly<Record<string, Reaction>> = {}

  function replyOnce({ messageId, header: { senderRef } }: Arrival): void {
    if (replied.has(messageId)) return // a message for two bodies of this system arrives twice
    replied.add(messageId)
    for (const order of reactions[senderRef]?.replies ?? [])
      deps.reply({ ...order, refToMessageId: messageId })
  }

  return {
    react(given) {
      reactions = { ...reactions, ...given }
    },
    receive(arrival) {
      const before = verdicts.get(arrival.deliveryId)
      deps.report(receivedOf(arrival, before === undefined))
      if (before !== undefined) return before
      const verdict = reactions[arrival.header.senderRef]?.answer ?? { outcome: 'processed' }
      verdicts.set(arrival.deliveryId, verdict)
      replyOnce(arrival)
      return verdict
    },
  }
}

function receivedOf({ deliveryId, messageId, header, payload }: Arrival, fresh: boolean): Received {
  const { sender, senderRef } = header
  return {
    say: 'received',
    deliveryId,
    messageId,
    sender,
    senderRef,
    fresh,
    payloadDigest: digestOf(payload),
  }
}
