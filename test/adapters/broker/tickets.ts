import { randomUUID } from 'node:crypto'
import type { Ticket } from '../../../adapters/broker/broker.ts'

/** New tickets of one agency. */
export function ticketsFor(agency: string, count: number): readonly Ticket[] {
  return Array.from({ length: count }, () => ({ agency, id: randomUUID() }))
}

export function idsOf(tickets: readonly Ticket[]): readonly string[] {
  return tickets.map(({ id }) => id)
}

/** A handler that holds tickets until it is opened, and counts. */
export function createGate() {
  let release: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (release = resolve))
  let held = 0
  let most = 0
  let passed = 0
  return {
    pass: async () => {
      held += 1
      most = Math.max(most, held)
      await opened
      held -= 1
      passed += 1
    },
    open: () => release(),
    held: () => held,
    most: () => most,
    passed: () => passed,
  }
}
