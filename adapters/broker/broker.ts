/** One delivery id on its way to the workers of an agency. Ids are UUID text. */
export interface Ticket {
  readonly agency: string
  readonly id: string
}

/** A consumer that can be stopped; `stop` resolves when the tickets in hand are handled. */
export interface Subscription {
  stop(): Promise<void>
}

export type BrokerState = 'up' | 'down' | 'blocked'

/**
 * Carries delivery ids to workers. It may forget and it may repeat: SQL is the truth, the relay publishes again.
 * Neither messages nor counters travel here.
 */
export interface Broker {
  /** Resolves with the tickets that the broker has confirmed; those missing were not taken (returned, nacked, timed out, down). Never throws. */
  publish(tickets: readonly Ticket[]): Promise<readonly Ticket[]>
  /**
   * Hands each ticket of one agency to `handle`, at most `prefetch` at once, and acknowledges when it resolves.
   * When `handle` rejects, the ticket is dropped (not requeued): the lease in SQL ends and the relay publishes again.
   * Survives loss of the connection, a cancelled consumer and a closed channel.
   */
  consume(agency: string, prefetch: number, handle: (id: string) => Promise<void>): Promise<Subscription>
  state(): BrokerState
  /** Stops taking new tickets, waits for those in hand at most `graceMs`, closes. */
  close(graceMs: number): Promise<void>
}
