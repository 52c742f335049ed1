import { isDeepStrictEqual } from 'node:util'
import type { Random } from '../support/random.ts'
import type { Judge } from './judge.ts'
import { itemOf, payloadOf, type Lane } from './traffic.ts'

/** What a recipient reads in its copy. */
export interface Copy {
  readonly recipient: string
  readonly senderRef: string
  readonly messageId: string
  readonly deliveryId: string
  readonly payload: unknown
  /** Hex SHA-256 of the bytes that were handed over; null where they were pulled, and the receipt names none. */
  readonly digest: string | null
}

export type Reply = 'processed' | 'delivered' | 'refused'

/** How recipients take what comes: an effect the first time, the same answer every time. */
export interface Reception {
  /** Gives the answer of a recipient's system. Its own dialect may not know `delivered`: `only` says which it knows. */
  take(copy: Copy, only?: readonly Reply[]): Reply
  /** What a recipient answered about a message. */
  replyOf(recipient: string, messageId: string): Reply | undefined
  /** Digests of what was handed to a recipient for a message. */
  digestsOf(recipient: string, messageId: string): ReadonlySet<string>
  readonly refused: () => number
}

export function createReception(deps: {
  readonly judge: Judge
  readonly lanes: readonly Lane[]
  readonly random: Random
}): Reception {
  const { judge, lanes, random } = deps
  const replies = new Map<string, Reply>()
  const digests = new Map<string, Set<string>>()
  const key = (recipient: string, messageId: string) => `${recipient} ${messageId}`

  const draw = (): Reply => {
    const drawn = random.next()
    if (drawn < 0.05) return 'refused'
    return drawn < 0.25 ? 'delivered' : 'processed'
  }

  function judged({ recipient, senderRef, messageId, deliveryId, payload }: Copy): void {
    const item = itemOf(senderRef, lanes)
    if (item?.lane.recipients.includes(recipient) !== true) {
      judge.fault('altered', `${recipient} got ${senderRef}, which is none of its messages`)
      return
    }
    if (!isDeepStrictEqual(payload, payloadOf(item)))
      judge.fault('altered', `${recipient} got ${senderRef} with another content`)
    judge.arrived({ recipient, item, messageId, deliveryId })
  }

  return {
    take(copy, only) {
      const name = key(copy.recipient, copy.messageId)
      if (copy.digest !== null) digests.set(name, (digests.get(name) ?? new Set()).add(copy.digest))
      judged(copy)
      const drawn = draw()
      const reply = replies.get(name) ?? (only === undefined || only.includes(drawn) ? drawn : 'processed')
      replies.set(name, reply)
      return reply
    },
    replyOf: (recipient, messageId) => replies.get(key(recipient, messageId)),
    digestsOf: (recipient, messageId) => digests.get(key(recipient, messageId)) ?? new Set(),
    refused: () => [...replies.values()].filter((reply) => reply === 'refused').length,
  }
}
