import type { Payment } from '../../../schemas/payment-standing.ts'
import type { KeptFact, MoneyKind } from '../../../schemas/money-fact.ts'
import type { MoneyDone } from '../money.ts'

/** Whether a report of money is answered as taken: it is carried to those concerned, and adds up or need not for this partner. */
export const isTaken = (
  { isCarried, reasons }: MoneyDone,
  { secondAnswer }: { readonly secondAnswer: 'accept' | 'refuse' },
): boolean => isCarried && (reasons.length === 0 || secondAnswer === 'accept')

/** TrangThaiGD of a payment (dvcqg §9.1). */
export const stateCodeOf = ({ state }: Payment): '1' | '3' | '4' => {
  if (state === 'paid' || state === 'refunded') return '1'
  return state === 'failed' || state === 'cancelled' ? '4' : '3'
}

/** What is said beside a payment tells nothing of how it stands. */
const asides = new Set<MoneyKind>(['vouched', 'recorded', 'refund-asked', 'refund-refused'])

/** The report that says most of how a payment stands: the first that it was paid, else that it is settled, else the last of any. */
export const tellingFact = ({ facts }: Payment): KeptFact | undefined =>
  facts.find(({ kind }) => kind === 'paid') ??
  facts.find(({ kind, transaction }) => kind === 'settled' && transaction !== '') ??
  facts.filter(({ kind }) => !asides.has(kind)).at(-1)
