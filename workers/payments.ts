import { v7 as uuidv7 } from 'uuid'
import type { CaseFilter, PaymentCase } from '../adapters/store/ports/payments.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Caller } from '../schemas/agency.ts'
import { auditEntry } from '../schemas/audit.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Payment } from '../schemas/payment-standing.ts'
import { seesAll, speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'
import { pageOf, type Page } from './page.ts'

/** What the gateway knows of payments, and what people do about those that do not add up. */
export interface Payments {
  /** Payments for a dossier of which the caller's body, or one below it, is a party. */
  ofDossier(caller: Caller, dossier: string): Promise<readonly Payment[]>
  cases(ask: Omit<CaseFilter, 'limit'> & { readonly max: number }): Promise<Page<PaymentCase>>
  /** Throws `not_found`, or `already_settled` where it was closed before. */
  close(caller: Caller, id: string, reason: string): Promise<void>
}

export interface PaymentsDeps {
  readonly store: Pick<Store, 'paymentsOf' | 'listPaymentCases' | 'closePaymentCase'>
  readonly directory: () => Directory
  readonly now: () => number
}

/** Parties are who asked, who reported, and who owns the dossier. */
export function isPartyTo(caller: Caller, payment: Payment, directory: Directory): boolean {
  const owner = payment.dossier === '' ? undefined : directory.dossierOwner(payment.dossier)
  const parties = [payment.sender, ...payment.facts.map(({ sender }) => sender), owner ?? '']
  return parties.some((party) => party !== '' && speaksFor(caller, party, directory))
}

export function createPayments({ store, directory, now }: PaymentsDeps): Payments {
  return {
    async ofDossier(caller, dossier) {
      const payments = await store.paymentsOf(dossier)
      return payments.filter((payment) => seesAll(caller) || isPartyTo(caller, payment, directory()))
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
            { id: uuidv7(), at },
          ),
      })
      if (verdict === 'unknown') throw new GatewayError('not_found', { field: 'id' })
      if (verdict === 'already') throw new GatewayError('already_settled', { field: 'id' })
    },
  }
}
