import type { Broker, Subscription } from '../adapters/broker/broker.ts'

/** The broker consumers of a process: one per recipient that is pushed to. */
export interface Consumers {
  /** Starts consumers for recipients that are new; one that is gone keeps its consumer until the stop: its tickets are not claimable. */
  follow(agencies: readonly string[]): Promise<void>
  stop(): Promise<void>
}

export function createConsumers({
  broker,
  prefetch,
  deliver,
  onError,
}: {
  readonly broker: Broker
  readonly prefetch: number
  readonly deliver: (deliveryId: string) => Promise<void>
  readonly onError: (error: unknown) => void
}): Consumers {
  const running = new Map<string, Subscription>()

  async function handle(id: string): Promise<void> {
    try {
      await deliver(id)
    } catch (error) {
      onError(error)
      throw error // the broker drops the ticket; the claim stays counted in SQL
    }
  }

  return {
    async follow(agencies) {
      for (const agency of agencies.filter((code) => !running.has(code)))
        running.set(agency, await broker.consume(agency, prefetch, handle))
    },
    async stop() {
      await Promise.all([...running.values()].map((subscription) => subscription.stop()))
    },
  }
}
