import type { CaseFilter, PaymentCase } from '../adapters/store/ports/payments.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { auditEntry } from '../schemas/audit.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Message } from '../schemas/message.ts'
import type { MoneyKind } from '../schemas/money-fact.ts'
import type { Payment } from '../schemas/payment-standing.ts'
import { newId } from '../signing/new-id.ts'
import { seesAll, speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'
import { pageOf, type Page } from './page.ts'

/** What says more of a payment than the ledger does: the receipt block, links to receipts. */
export const paymentActions = ['payment.requested', 'payment.result', 'payment.voucher']

/** What the gateway knows of payments, and what people do about those that do not add up. */
export interface Payments {
  /** Payments for a dossier of which the caller's body, or one below it, is a party. */
  ofDossier(caller: Caller, dossier: string): Promise<readonly Payment[]>
  cases(ask: Omit<CaseFilter, 'limit'> & { readonly max: number }): Promise<Page<PaymentCase>>
  /** Throws `not_found`, or `already_settled` where it was closed before. */
  close(caller: Caller, id: string, reason: string): Promise<void>
}

export interface PaymentsDeps {
  readonly store: Pick<Store, 'paymentsOf' | 'latestMessages' | 'listPaymentCases' | 'closePaymentCase'>
  readonly directory: () => Directory
  readonly now: () => number
}

interface Story {
  readonly payment: Payment
  /** The newest message of each action about it. */
  readonly messages: readonly Pick<Message, 'sender' | 'recipients'>[]
}

/** Whoever tells what became of money has seen it; to ask for it again, to call it off, or to hand in a paper takes only its reference. */
const tellings: ReadonlySet<MoneyKind> = new Set(['paid', 'settled', 'pending', 'failed', 'refunded'])

/** Parties are who asked first, who reported, whom these told, and who owns the dossier. Another that uses the reference is none. */
export function isPartyTo(caller: Caller, { payment, messages }: Story, directory: Directory): boolean {
  const owner = payment.dossier === '' ? undefined : directory.dossierOwner(payment.dossier)
  const reporters = payment.facts.filter(({ kind }) => tellings.has(kind)).map(({ sender }) => sender)
  const tellers = [payment.sender, ...reporters]
  const told = messages
    .filter(({ sender }) => tellers.includes(sender))
    .flatMap(({ recipients }) => recipients)
  return [...tellers, ...told, owner ?? ''].some(
    (party) => party !== '' && speaksFor(caller, party, directory),
  )
}

export function createPayments({ store, directory, now }: PaymentsDeps): Payments {
  const messagesOf = async ({ reference }: Payment) =>
    (await store.latestMessages(reference, paymentActions)).map(({ message }) => message)

  return {
    async ofDossier(caller, dossier) {
      const payments = await store.paymentsOf(dossier)
      if (seesAll(caller)) return payments
      const stories = await Promise.all(
        payments.map(async (payment) => ({ payment, messages: await messagesOf(payment) })),
      )
      return stories.filter((story) => isPartyTo(caller, story, directory())).map(({ payment }) => payment)
    },
    async cases({ max, ...ask }) {
      return pageOf(await store.listPaymentCases({ ...ask, limit: max }), max, ({ id }) => id)
    },
    async close(caller, id, reason) {
      const at = now()
      const verdict = await store.closePaymentCase(id, {
        ...{ now: at, by: caller.credentialId, reason },
        audit: (found) =>
          auditEntry(
            caller,
            { act: 'payment-case.close', object: id, before: found.reason, reason },
            { id: newId(), at },
          ),
      })
      if (verdict === 'unknown') throw new GatewayError('not_found', { field: 'id' })
      if (verdict === 'already') throw new GatewayError('already_settled', { field: 'id' })
    },
  }
}
