import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, SendResult } from '../../client/index.ts'
import type { Random } from '../support/random.ts'
import type { Gate } from './gate.ts'
import type { Judge } from './judge.ts'
import type { Tap } from './tap.ts'
import { payloadOf, refOf, type Item, type Lane } from './traffic.ts'

export interface SenderDeps {
  /** A client of this body at one of the gateway's doors, drawn anew at each call. */
  readonly clientOf: (body: string) => Client
  readonly judge: Judge
  readonly tap: Tap
  readonly random: Random
  /** Longest pause of a lane between two messages, in ms. */
  readonly paceMs: number
  readonly gate: Gate
}

/** What the senders saw. */
export interface Senders {
  /** Messages that have their receipt. */
  readonly accepted: () => number
  /** Sendings that were not answered, or put off, and were made again. */
  readonly resent: () => number
  /** Those of them that the gateway refused for the time being. */
  readonly putOff: () => number
  /** The signed receipt of each message, by its reference. */
  readonly receipts: ReadonlyMap<string, string>
  /** Resolves when the tap is closed and every lane is done. */
  readonly done: Promise<void>
}

type Taken = Exclude<SendResult, { kind: 'refused' }>

const againMs = 100

/** Sends the messages of every lane, each after the one before it was accepted; what gets no answer is sent again under the same reference. */
export function startSenders(lanes: readonly Lane[], deps: SenderDeps): Senders {
  const { judge, tap, random, paceMs, gate } = deps
  const receipts = new Map<string, string>()
  let resent = 0
  let putOff = 0

  async function deliver(item: Item): Promise<Taken | null> {
    let bytes = await write(item, deps)
    for (let round = 1; await gate.open(); round += 1) {
      const result = await attempt(bytes, item, deps)
      if (result !== null && result.kind !== 'refused') return checked(result, round, item, judge)
      if (result !== null && !result.error.retryable) {
        judge.fault('stuck', `${refOf(item)} was refused: ${result.error.code} ${result.error.reason ?? ''}`)
        return null
      }
      resent += 1
      if (result !== null) putOff += 1
      await sleep(againMs)
      if (random.chance(0.5)) bytes = await write(item, deps) // signed anew: the content, not the bytes, is what counts
    }
    return null
  }

  async function run(lane: Lane): Promise<void> {
    for (let seq = 1; await tap.take(); seq += 1) {
      await sleep(random.between(0, paceMs))
      const item = { lane, seq }
      const taken = await deliver(item)
      if (taken === null) return
      receipts.set(refOf(item), taken.receipt.jws)
      judge.accepted(item, taken.id)
    }
  }

  const done = Promise.all(lanes.map(run)).then(() => undefined)
  return { accepted: () => receipts.size, resent: () => resent, putOff: () => putOff, receipts, done }
}

/** The signed envelope of a message, as its sender writes it now. */
export function write(item: Item, { clientOf }: Pick<SenderDeps, 'clientOf'>): Promise<Uint8Array> {
  const { sender, recipients, action } = item.lane
  return clientOf(sender).write({ action, recipients, senderRef: refOf(item) }, payloadOf(item))
}

/** One sending; null where no answer came. */
async function attempt(
  bytes: Uint8Array,
  { lane }: Item,
  { clientOf }: SenderDeps,
): Promise<SendResult | null> {
  try {
    return await clientOf(lane.sender).sendRaw(bytes)
  } catch {
    return null // the client throws for answers it cannot read and for those that never came
  }
}

function checked(result: Taken, round: number, item: Item, judge: Judge): Taken {
  const { receipt } = result.receipt
  if (round === 1 && result.kind === 'repeat')
    judge.fault('unproven', `${refOf(item)} was called a repeat when first sent`)
  if (receipt.messageId !== result.id || receipt.senderRef !== refOf(item) || receipt.kind !== 'accepted')
    judge.fault('unproven', `the receipt of ${refOf(item)} is about something else`)
  return result
}
