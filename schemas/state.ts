import { settledStates, type DeliveryState } from './message.ts'

/** The first that applies is the state of a message with several deliveries: what needs a person comes before what went well. */
const precedence = [
  'in_doubt',
  'parked',
  'dead',
  'refused',
  'expired',
  'skipped',
  'delivered',
  'processed',
] as const satisfies readonly DeliveryState[]

/** Every state that a message may be in. */
export const messageStates = ['accepted', ...precedence] as const

export type MessageState = DeliveryState | 'accepted'

/** State of a message from those of its deliveries: `accepted` while anything is still to be done. */
export function stateOf(states: readonly DeliveryState[]): MessageState {
  if (!states.every((state) => settledStates.has(state))) return 'accepted'
  return precedence.find((state) => states.includes(state)) ?? 'accepted'
}
