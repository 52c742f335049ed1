import type { KnownMessage } from '../adapters/agencies/door.ts'
import type { TracesDeed, TracesDone } from '../adapters/agencies/traces.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Message } from '../schemas/message.ts'
import { bodiesOf } from './authorise.ts'
import type { Directory } from './directory.ts'
import type { Lookup } from './lookup.ts'
import type { Pulls } from './pulls.ts'

const reports = ['document.status']
const expressed = ['document.letter', ...reports]

/** Reports that one request takes: the next one goes on. */
const mostTaken = 200
/** Reports that one request is shown again. */
const mostShown = 1_000
/** How long before it is heard of a letter may have been sent. */
const longestMs = 30 * 86_400_000

export interface TracesDeps {
  readonly store: Pick<Store, 'readMessage' | 'receivedMessages'>
  readonly directory: () => Directory
  readonly lookup: Lookup
  readonly pulls: Pulls
}

/** Tells a body, and those below it, how letters fare. What was still waiting for their pull is delivered by it. */
export type Traces = (caller: Caller, dialect: string, asked: TracesDeed) => Promise<TracesDone>

export function createTraces({ store, directory, lookup, pulls }: TracesDeps): Traces {
  async function takeWaiting(
    caller: Caller,
    dialect: string,
    { since, subjectKey }: TracesDeed,
  ): Promise<readonly Message[]> {
    const listed = await pulls.list(caller, dialect, {
      ...{ actions: reports, expressed },
      ...(since === undefined ? {} : { since }),
    })
    const taken: Message[] = []
    for (const { messageId, deliveryId } of listed.slice(0, mostTaken)) {
      const message = await store.readMessage(messageId)
      const isAsked = subjectKey === undefined || message?.subjectKey === subjectKey
      if (message !== null && isAsked && (await take(caller, deliveryId, pulls))) taken.push(message)
    }
    return taken
  }

  return async (caller, dialect, asked) => {
    const taken = await takeWaiting(caller, dialect, asked)
    const { since, subjectKey } = asked
    if (since === undefined && subjectKey === undefined)
      return { kind: 'traces', received: taken.map(known), sent: [] }
    const bodies = bodiesOf(caller, directory())
    const received = await store.receivedMessages(bodies, {
      ...{ actions: reports, since, subjectKey, limit: mostShown },
    })
    const found = await lookup(caller, {
      ...{ of: 'sent', actions: expressed },
      ...(since === undefined ? {} : { since: since - longestMs }),
      ...(subjectKey === undefined ? {} : { subjectKey }),
    })
    return {
      kind: 'traces',
      received: received.map(known),
      sent: found.of === 'sent' ? found.messages : [],
    }
  }
}

const known = ({ id, action, sender, receivedAt, payload }: Message): KnownMessage => ({
  ...{ id, action, sender, receivedAt, payload, refusals: [] },
})

/** Whether it is handed over by this request: another of the same body may be faster, and what cannot be written is parked. */
async function take(caller: Caller, deliveryId: string, pulls: Pulls): Promise<boolean> {
  try {
    await pulls.get(caller, deliveryId)
    await pulls.acknowledge(caller, { deliveryId, outcome: 'delivered', reason: '' })
    return true
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code === 'unavailable') throw error
    return false
  }
}
