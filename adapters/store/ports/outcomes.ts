import type { DeliveryState } from '../../../schemas/message.ts'
import type { SignedReceipt } from '../../../schemas/receipt.ts'

/** What a recipient says later of a delivery that it has taken, with the receipt that states it. */
export interface LateOutcome {
  readonly deliveryId: string
  readonly state: 'processed' | 'refused'
  readonly receipt: SignedReceipt
}

/** How a delivery stands. */
export interface StandingDelivery {
  readonly id: string
  readonly recipient: string
  readonly state: DeliveryState
}

/** What became of deliveries. After one its lane has moved on long since and is not touched. */
export interface OutcomeStore {
  /** How the deliveries of messages stand; result i belongs to messageIds[i]. */
  deliveryStates(messageIds: readonly string[]): Promise<readonly (readonly StandingDelivery[])[]>
  /** Writes each outcome whose delivery is still `delivered`. Result i is the state of outcomes[i]'s delivery afterwards, and whether this call made it so. */
  settleMany(
    outcomes: readonly LateOutcome[],
  ): Promise<readonly { readonly settled: boolean; readonly state: DeliveryState }[]>
}
