import type { InboxDeed } from '../adapters/agencies/ask.ts'
import type { KnownMessage } from '../adapters/agencies/door.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { bodiesOf } from './authorise.ts'
import type { Directory } from './directory.ts'
import type { Pulls } from './pulls.ts'

/** What one request is shown: clients ask for whole lists, and know no pages. */
const mostShown = 1_000

export interface InboxDeps {
  readonly store: Pick<Store, 'receivedMessages'>
  readonly directory: () => Directory
  readonly pulls: Pick<Pulls, 'list' | 'acknowledge'>
}

/** Shows a body, and those below it, what they have received. What was still waiting for their pull is delivered by it. */
export type Inbox = (caller: Caller, dialect: string, asked: InboxDeed) => Promise<readonly KnownMessage[]>

export function createInbox({ store, directory, pulls }: InboxDeps): Inbox {
  return async (caller, dialect, asked) => {
    const bodies = bodiesOf(caller, directory())
    const messages = await store.receivedMessages(bodies, { ...asked, limit: mostShown })
    const shown = new Set(messages.map(({ id }) => id))
    const waiting = await pulls.list(caller, dialect, asked)
    for (const { messageId, deliveryId } of waiting)
      if (shown.has(messageId)) await take(caller, deliveryId, pulls)
    return messages.map(({ id, action, sender, receivedAt, payload }) => ({
      ...{ id, action, sender, receivedAt, payload, refusals: [] },
    }))
  }
}

/** Another request of the same body may have been faster. */
async function take(caller: Caller, deliveryId: string, pulls: InboxDeps['pulls']): Promise<void> {
  try {
    await pulls.acknowledge(caller, { deliveryId, outcome: 'delivered', reason: '' })
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'unavailable') throw error
  }
}
