import { setTimeout as sleep } from 'node:timers/promises'
import type { Client, PulledDelivery } from '../../client/index.ts'
import type { Gate } from './gate.ts'
import type { Judge } from './judge.ts'
import type { Reception } from './reception.ts'

export interface PullerDeps {
  readonly code: string
  readonly client: () => Client
  readonly reception: Reception
  readonly judge: Judge
  readonly gate: Gate
}

const againMs = 100

/** Answers after which asking again changes nothing: the delivery is done, or it comes again. */
const final: ReadonlySet<unknown> = new Set(['lease_lost', 'already_settled', 'not_found'])

/** A recipient that fetches from its mailbox; runs until told to stop. It repeats an acknowledgement until it is answered. */
export async function runPuller(deps: PullerDeps): Promise<void> {
  const { client, gate } = deps
  while (await gate.open()) {
    const pulled = await client()
      .pull({ max: 10, waitSeconds: 1 })
      .catch(() => null)
    if (pulled === null) await sleep(againMs)
    else await Promise.all(pulled.map((delivery) => take(delivery, deps)))
  }
}

async function take(delivery: PulledDelivery, deps: PullerDeps): Promise<void> {
  const { code, reception, judge } = deps
  const { content, senderRef, messageId, deliveryId } = delivery
  if (content.kind === 'unreadable') {
    judge.fault('altered', `${code} cannot read ${senderRef}: ${content.error.message}`)
    return
  }
  const reply = reception.take(
    { recipient: code, senderRef, messageId, deliveryId, payload: content.payload, digest: null },
    ['processed', 'refused'],
  )
  await acknowledge(deliveryId, reply === 'refused' ? 'refused' : 'processed', deps)
}

/** Until the gateway has an opinion: a lease that is lost brings the delivery again. */
async function acknowledge(
  deliveryId: string,
  outcome: 'processed' | 'refused',
  { client, gate }: PullerDeps,
): Promise<void> {
  while (await gate.open()) {
    try {
      await client().acknowledge(deliveryId, outcome)
      return
    } catch (error) {
      if (error instanceof Error && 'code' in error && final.has(error.code)) return
      await sleep(againMs)
    }
  }
}
