import type { PullDeed } from '../adapters/agencies/pull.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import type { Pulls } from './pulls.ts'
import type { Submit } from './submit.ts'

type Asked = Omit<Extract<PullDeed, { kind: 'ack' }>, 'kind'>

/** Ends a delivery, and submits what its recipient says by that. Throws as `Pulls.acknowledge` does; what is refused of a report changes nothing. */
export type Confirm = (caller: Caller, asked: Asked) => Promise<void>

export interface ConfirmDeps {
  readonly store: Pick<Store, 'readMessage' | 'findDelivery'>
  readonly pulls: Pick<Pulls, 'acknowledge'>
  readonly submit: Submit
}

export function createConfirm({ store, pulls, submit }: ConfirmDeps): Confirm {
  return async (caller, asked) => {
    const deliveryId = await pulls.acknowledge(caller, asked)
    const line = asked.report === undefined ? null : await store.findDelivery(deliveryId)
    const message = line === null ? null : await store.readMessage(line.messageId)
    if (line === null || message === null || line.settledAt === null) return
    const { id, action, sender, receivedAt, payload } = message
    const known = { id, action, sender, receivedAt, payload, refusals: [] }
    const { recipient, settledAt: at } = line
    const report = asked.report?.({ deliveryId, recipient, at, message: known })
    if (report != null) await submit(caller, { contents: [report] })
  }
}
