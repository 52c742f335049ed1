import type { AskDone, PaymentQuestion, Reply } from '../adapters/agencies/ask.ts'
import type { Found } from '../adapters/agencies/door.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Agency, Caller } from '../schemas/agency.ts'
import type { Payment } from '../schemas/payment-standing.ts'
import { askIt, callable, givenIn, unanswered, unasked, type AskedBodyDeps } from './asked-body.ts'
import { speaksFor } from './authorise.ts'
import type { Lookup } from './lookup.ts'
import type { Money } from './money.ts'

/** A question about a payment that was not passed on, for the log. */
export interface UnaskedPayment {
  readonly caller: string
  readonly reference: string
  readonly reason: 'unknown' | 'not a party' | 'reference of several'
}

export interface PaymentAskDeps extends AskedBodyDeps {
  readonly store: Pick<Store, 'agencyStates' | 'findPayment' | 'latestMessages'>
  readonly lookup: Lookup
  readonly money: Money
  readonly reportUnasked: (line: UnaskedPayment) => void
}

export interface PaymentAsking {
  readonly question: PaymentQuestion
  /** When (ms) somebody stops waiting for the answer. */
  readonly deadline: number
  /** Whether the ledger may answer in the place of a body that does not. */
  readonly elseHere: boolean
}

const nothing: Found = { of: 'payments', payments: [] }

/**
 * Asks the body that a payment was asked of how it stands, for who asked for it or owns its dossier: at a platform that knows all our
 * bodies under one name, any other would read what is not its own. To them the payment is unknown. What the answer says of money is in
 * the ledger before it is told; where it is paid in the ledger already, that is the answer.
 */
export function createAskPayment(deps: PaymentAskDeps) {
  const { directory, store, lookup, now } = deps

  async function refusalOf(
    caller: Caller,
    payment: Payment | null,
  ): Promise<UnaskedPayment['reason'] | null> {
    if (payment === null) return 'unknown'
    const owner = payment.dossier === '' ? '' : (directory().dossierOwner(payment.dossier) ?? '')
    const isParty = [payment.sender, owner].some(
      (body) => body !== '' && speaksFor(caller, body, directory()),
    )
    if (!isParty) return 'not a party'
    const only = await store.findPayment(payment.reference, '')
    return only?.partner === payment.partner ? null : 'reference of several'
  }

  /** Who was sent the request, in the order of its recipients. */
  async function handlersOf({ reference, sender }: Payment): Promise<readonly string[]> {
    const [newest] = await store.latestMessages(reference, ['payment.requested'])
    if (newest?.message.sender !== sender) return []
    return newest.message.recipients.flatMap((code) => directory().resolve(code, now()))
  }

  /** The first that can be asked, and what it says. Nobody who may not tell of money is asked about it. */
  async function ask(asker: string, payment: Payment, { question, deadline }: PaymentAsking): Promise<Asked> {
    const partnered = { ...question, partner: payment.partner }
    for (const code of await handlersOf(payment)) {
      const agency = await callable(asker, code, deps)
      if (agency === undefined || !directory().isGranted(code, 'payment.result')) continue
      const reply = await askIt({ asker, agency, question: partnered, deadline }, deps)
      if (reply !== null) return { agency, reply }
    }
    return { agency: null, reply: unasked }
  }

  async function keep({ agency, reply }: Asked, { partner }: Payment): Promise<void> {
    const content = reply.kind === 'none' ? undefined : reply.money
    if (agency !== null && content !== undefined)
      await deps.money(platformCaller(agency), { content, partner })
  }

  return async (caller: Caller, asking: PaymentAsking): Promise<AskDone> => {
    const { reference, partner, about } = asking.question
    const payment = await store.findPayment(reference, partner)
    const refusal = await refusalOf(caller, payment)
    if (refusal !== null) deps.reportUnasked({ caller: caller.agency ?? '', reference, reason: refusal })
    if (payment === null || refusal === 'unknown' || refusal === 'not a party') return here(nothing, null)
    const found = await lookup(caller, { of: 'payment', reference, partner })
    if (about === 'state' && hasMoved(payment)) return here(found, null)
    const asked =
      refusal === null ? await ask(caller.agency ?? '', payment, asking) : { agency: null, reply: unasked }
    await keep(asked, payment)
    const given = givenIn(asked.reply)
    if (given !== null) return { kind: 'ask', from: 'body', given }
    if (!asking.elseHere) throw unanswered(asked.reply)
    return here(found, now() - payment.updatedAt)
  }
}

interface Asked {
  readonly agency: Agency | null
  readonly reply: Reply
}

const here = (found: Found, ageMs: number | null): AskDone => ({ kind: 'ask', from: 'here', found, ageMs })

const hasMoved = ({ state }: Payment): boolean => state === 'paid' || state === 'refunded'

/** The platform has shown who it is by its address, and by a mark made with the secret that we share with it. */
const platformCaller = ({ code, dialect }: Agency): Caller => ({
  ...{ credentialId: `ask:${dialect}`, person: null, agency: code, roles: ['agency'], method: 'key' },
})
