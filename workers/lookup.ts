import type { Found, KnownMessage, Wanted } from '../adapters/agencies/door.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import type { Message, Payload } from '../schemas/message.ts'
import type { Receipt } from '../schemas/receipt.ts'
import { speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'

/** Finds what is known here. A caller finds messages of which its body, or one below it, is a party. */
export type Lookup = (caller: Caller, wanted: Wanted) => Promise<Found>

interface LookupDeps {
  readonly store: Pick<Store, 'latestMessages' | 'refusalsOf' | 'catalogRows'>
  readonly directory: () => Directory
}

export function createLookup({ store, directory }: LookupDeps): Lookup {
  const maySee = (caller: Caller, parties: readonly string[]) =>
    parties.some((party) => speaksFor(caller, party, directory()))
  return async (caller, wanted) => {
    if (wanted.of === 'catalog') {
      const rows = await store.catalogRows(wanted.catalog, wanted.code ?? null)
      return { of: 'catalog', rows: rows.map(({ code, body }) => ({ code, body: body as Payload })) }
    }
    const latest = await store.latestMessages(wanted.subjectKey, wanted.actions)
    const seen = latest.filter(({ message }) => maySee(caller, [message.sender, ...message.recipients]))
    const refusals = await store.refusalsOf(seen.map(({ message }) => message.id))
    return { of: 'subject', messages: seen.map(({ message }, at) => known(message, refusals[at] ?? [])) }
  }
}

const known = (
  { id, action, sender, receivedAt, payload }: Message,
  refusals: readonly Receipt[],
): KnownMessage => ({
  ...{ id, action, sender, receivedAt, payload },
  refusals: refusals.map(({ recipient = '', code = '', reason = '', at }) => ({
    recipient,
    code,
    reason,
    at,
  })),
})
