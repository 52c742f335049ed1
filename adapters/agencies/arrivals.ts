import type { Agency } from '../../schemas/agency.ts'
import type { Message } from '../../schemas/message.ts'
import type { Partner } from './poll.ts'

/** A message whose answer was lost: where it arrived, it did so between these moments, in ms by our clock. */
export interface Doubted {
  readonly message: Message
  readonly since: number
  readonly until: number
}

/** `absent`: it is not there now. `unknown`: what the partner says does not decide it, and will not later. */
export type Arrived = 'arrived' | 'absent' | 'unknown'

/** How a partner that tells no repeats apart is asked whether a message arrived whose answer was lost, before it is sent again. */
export interface Arrivals {
  /** Seconds after a lost answer in which the partner may be at it still, so that it is asked later; 0 = this agency cannot tell. */
  readonly afterSeconds: (agency: Agency) => number
  /** Throws GatewayError `unavailable` where the partner does not answer: it is asked again. */
  ask(doubted: Doubted, partner: Pick<Partner, 'agency' | 'transport' | 'keys' | 'now'>): Promise<Arrived>
}
