import type { Found, KnownMessage, Wanted } from '../adapters/agencies/door.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import type { Message, Payload } from '../schemas/message.ts'
import type { Payment } from '../schemas/payment-standing.ts'
import type { Receipt } from '../schemas/receipt.ts'
import { bodiesOf, speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'
import { isKnownLetter } from './known-letter.ts'
import { withReachableLinks, type LinkDeps } from './links.ts'
import { isPartyTo, paymentActions } from './payments.ts'
import { mayReach } from './readiness.ts'

/** Finds what is known here. A caller finds messages and payments of which its body, or one below it, is a party. */
export type Lookup = (caller: Caller, wanted: Wanted) => Promise<Found>

interface LookupDeps extends LinkDeps {
  readonly store: Pick<
    Store,
    | 'listMessages'
    | 'readMessage'
    | 'latestMessages'
    | 'refusalsOf'
    | 'catalogRows'
    | 'findPayment'
    | 'paymentsOf'
    | 'sentBy'
    | 'receivedMessages'
  >
  readonly now: () => number
}

type Finders = {
  readonly [K in Wanted['of']]: (wanted: Extract<Wanted, { of: K }>, caller: Caller) => Promise<Found>
}

export function createLookup(deps: LookupDeps): Lookup {
  const { store, directory, now } = deps
  const maySee = (caller: Caller, { sender, recipients }: Message): boolean =>
    [sender, ...recipients].some((party) => speaksFor(caller, party, directory()))

  async function toldTo(caller: Caller, messages: readonly Message[]): Promise<readonly KnownMessage[]> {
    const seen = messages.filter((message) => maySee(caller, message))
    const refusals = await store.refusalsOf(seen.map(({ id }) => id))
    const asGiven = (message: Message) =>
      speaksFor(caller, message.sender, directory()) ? message : withReachableLinks(message, deps)
    return seen.map((message, at) => known(asGiven(message), refusals[at] ?? []))
  }

  const latest = async (subjectKey: string, actions: readonly string[]) =>
    (await store.latestMessages(subjectKey, actions)).map(({ message }) => message)

  async function seen(caller: Caller, payments: readonly Payment[]): Promise<Found> {
    const found = []
    for (const payment of payments) {
      const messages = await latest(payment.reference, paymentActions)
      if (isPartyTo(caller, { payment, messages }, directory()))
        found.push({ payment, messages: await toldTo(caller, messages) })
    }
    return { of: 'payments', payments: found }
  }

  const finders: Finders = {
    async catalog({ catalog, code }) {
      const rows = await store.catalogRows(catalog, code ?? null)
      return { of: 'catalog', rows: rows.map((row) => ({ code: row.code, body: row.body as Payload })) }
    },
    subject: async ({ subjectKey, actions }, caller) => ({
      of: 'subject',
      messages: await toldTo(caller, await latest(subjectKey, actions)),
    }),
    async payment({ reference, partner }, caller) {
      const payment = await store.findPayment(reference, partner)
      return seen(caller, payment === null ? [] : [payment])
    },
    payments: async ({ dossier }, caller) => seen(caller, await store.paymentsOf(dossier)),
    async sent(query, caller) {
      const rows = await store.sentBy({ ...query, senders: bodiesOf(caller, directory()) })
      const refusals = await store.refusalsOf(rows.map(({ message }) => message.id))
      return {
        of: 'sent',
        messages: rows.map(({ message, deliveries }, at) => ({
          ...known(message, refusals[at] ?? []),
          deliveries,
        })),
      }
    },
    async received({ action, after, max }, caller) {
      const whose = bodiesOf(caller, directory())
      const ask = { whose, direction: 'received', action, max } as const
      let page = await store.listMessages({ ...ask, since: after ?? undefined })
      while (page.items.length === 0 && page.next !== null)
        page = await store.listMessages({ ...ask, since: page.next }) // a caller without a row has no mark to go on from
      const messages = await Promise.all(page.items.map(({ message }) => store.readMessage(message.id)))
      const told = await toldTo(
        caller,
        messages.filter((message) => message !== null),
      )
      return { of: 'received', messages: told, mark: page.next ?? page.cursor }
    },
    letter: async (wanted, caller) => ({
      of: 'letter',
      isKnown: await isKnownLetter(wanted, caller, { store, directory: directory() }),
    }),
    bodies: (_all, caller) => Promise.resolve(bodiesFor(caller, directory(), now())),
  }
  return (caller, wanted) => {
    const find = finders[wanted.of] as (asked: Wanted, by: Caller) => Promise<Found> // the row of its own kind
    return find(wanted, caller)
  }
}

function bodiesFor(caller: Caller, directory: Directory, now: number): Found {
  const { agencies, version } = directory
  const own = caller.agency === null ? undefined : directory.agency(caller.agency)
  const bodies = agencies
    .filter((agency) => mayReach(own, agency))
    .map(({ code, name, parent, retiredAt }) => ({
      ...{ code, name, parent: parent ?? null, isOwn: speaksFor(caller, code, directory) },
      isRetired: retiredAt !== undefined && retiredAt <= now,
    }))
  return { of: 'bodies', bodies, version }
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
