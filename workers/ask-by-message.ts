import type { Trusted } from '../adapters/agencies/dialect.ts'
import type { Found, Wanted } from '../adapters/agencies/door.ts'
import type { Caller } from '../schemas/agency.ts'
import type { Lookup } from './lookup.ts'
import type { Submit } from './submit.ts'
import type { Watch } from './watch.ts'

/** How soon what another process has taken in is seen. */
const pollMs = 500
/** One message to a body for all who ask within this time. */
const sharedMs = 60_000

export interface MessageAskDeps {
  readonly lookup: Lookup
  readonly submit: Submit
  readonly watch: Pick<Watch, 'next'>
  readonly now: () => number
}

interface SubjectAsk {
  /** Code of the body that is asked. */
  readonly agency: string
  readonly wanted: Extract<Wanted, { readonly of: 'subject' }>
  /** When nobody waits any longer, in ms. */
  readonly deadline: number
}

/** Asks for the state of a dossier by a message, and waits for news of it; answers what is known then. What came just now is not asked for. */
export function createAskByMessage({ lookup, submit, watch, now }: MessageAskDeps) {
  async function awaitNews(caller: Caller, { wanted, deadline }: SubjectAsk, since: number): Promise<Found> {
    for (;;) {
      const found = await lookup(caller, wanted)
      const leftMs = deadline - now()
      if (leftMs <= 0 || isNew(found, since)) return found
      await watch.next([wanted.subjectKey], Math.min(pollMs, leftMs))
    }
  }

  return async (caller: Caller, ask: SubjectAsk): Promise<Found> => {
    const at = now()
    const found = await lookup(caller, ask.wanted)
    if (isNew(found, at - sharedMs)) return found
    const { results } = await submit(caller, { contents: [requestOf(caller, ask, at)] })
    return results.some(({ kind }) => kind === 'refused') ? found : awaitNews(caller, ask, at)
  }
}

const isNew = (found: Found, since: number): boolean =>
  found.of === 'subject' && found.messages.some(({ receivedAt }) => receivedAt >= since)

function requestOf(
  { agency }: Caller,
  { agency: recipient, wanted: { subjectKey } }: SubjectAsk,
  at: number,
): Trusted {
  const action = 'status.requested'
  const payload = { data: [{ MaHoSo: subjectKey }] }
  return {
    kind: 'trusted',
    header: { sender: agency ?? '', recipients: [recipient], action },
    naturalKey: [action, subjectKey, String(Math.floor(at / sharedMs))],
    payload,
    original: Buffer.from(JSON.stringify(payload)),
  }
}
