import type { Client, PulledDelivery } from '../client/index.ts'
import type { Receiver } from './receiving.ts'

export interface PullerDeps {
  readonly client: Pick<Client, 'pull' | 'acknowledge'>
  readonly receiver: Receiver
  readonly unreadable: (deliveryId: string, reason: string) => void
}

const batch = 20
const waitSeconds = 10
const restMs = 500

/** Pulls the mailbox of a body until it is stopped; `stop` lets the delivery in hand be acknowledged. */
export function startPuller(deps: PullerDeps): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController()
  let inHand = Promise.resolve()

  async function round(): Promise<void> {
    const deliveries = await deps.client.pull({ max: batch, waitSeconds })
    inHand = settle(deliveries, deps)
    await inHand
  }

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) await round().catch(() => rest(restMs)) // the gateway is away: what waits there stays there
  }

  void repeat()
  return {
    stop() {
      stopping.abort()
      return inHand.catch(() => undefined)
    },
  }
}

/** In the order in which they came: deliveries about one subject belong behind one another. */
async function settle(deliveries: readonly PulledDelivery[], deps: PullerDeps): Promise<void> {
  for (const delivery of deliveries) await settleOne(delivery, deps)
}

async function settleOne(
  { deliveryId, messageId, content }: PulledDelivery,
  deps: PullerDeps,
): Promise<void> {
  const { client, receiver, unreadable } = deps
  if (content.kind === 'unreadable') {
    unreadable(deliveryId, content.error.message)
    await client.acknowledge(deliveryId, 'refused', content.error.code)
    return
  }
  const { outcome, reason } = receiver.receive({ ...content, deliveryId, messageId })
  await client.acknowledge(deliveryId, outcome, reason)
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
