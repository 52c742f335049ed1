import type { KeptFact, MoneyFact } from './money-fact.ts'

/** How a payment stands. Money that has moved comes before all that was said beside it. */
export const paymentStates = ['asked', 'pending', 'failed', 'cancelled', 'paid', 'refunded'] as const
export type PaymentState = (typeof paymentStates)[number]

/** What makes a person look at a payment. */
export const caseReasons = [
  /** Nobody asked for it, and nothing says whose it is. */
  'unmatched',
  /** Paid once more, under another MaGiaoDich. */
  'second_transaction',
  /** Another amount than was asked for, or than the same transaction had before. */
  'other_amount',
  /** Paid, with an amount that is missing or cannot be read. */
  'no_amount',
  /** Asked for again under the same reference, with another amount, dossier or sender. */
  'reused_reference',
  /** Paid although it was cancelled. */
  'cancelled',
  /** A body's own books have it as paid otherwise than anybody has told, under another MaGiaoDich or amount, or while it is not paid. */
  'other_record',
  /** Known, but no message could carry it to those concerned. */
  'undeliverable',
] as const
export type CaseReason = (typeof caseReasons)[number]

/** What follows from all facts of a payment. Amounts in whole đồng. */
export interface Standing {
  readonly state: PaymentState
  /** Whether somebody asked for it here. */
  readonly matched: boolean
  readonly asked: number | null
  readonly paid: number
  readonly refunded: number
}

/** A payment: who asked for it under which reference, how it stands, and all that was said, oldest first. */
export interface Payment extends Standing {
  readonly reference: string
  readonly partner: string
  readonly dossier: string
  /** Who asked for it; empty where nobody did. */
  readonly sender: string
  readonly updatedAt: number
  readonly facts: readonly KeptFact[]
}

const ofKind = <F extends MoneyFact>(facts: readonly F[], kind: MoneyFact['kind']): readonly F[] =>
  facts.filter((fact) => fact.kind === kind)

/** Reports that money has moved; a settlement without the name of its transaction says nothing that another has not said. */
const movedOf = <F extends MoneyFact>(facts: readonly F[]): readonly F[] =>
  facts.filter(({ kind, transaction }) => kind === 'paid' || (kind === 'settled' && transaction !== ''))

/** Two reports of one transaction tell of one sum; without a number its time names it. */
const transactionOf = ({ transaction, at }: MoneyFact): string => transaction || `@${at ?? ''}`

/** Each transaction counts once, with the most that was said of it: a person settles the difference. */
function sumOf(facts: readonly MoneyFact[]): number {
  const amounts = new Map<string, number>()
  for (const fact of facts) {
    const key = transactionOf(fact)
    amounts.set(key, Math.max(amounts.get(key) ?? 0, fact.amount ?? 0))
  }
  return [...amounts.values()].reduce((sum, amount) => sum + amount, 0)
}

function stateOf(facts: readonly MoneyFact[], paid: number, refunded: number): PaymentState {
  if (movedOf(facts).length > 0) return refunded > 0 && refunded >= paid ? 'refunded' : 'paid'
  const others = ['cancelled', 'failed', 'pending'] as const
  return others.find((kind) => ofKind(facts, kind).length > 0) ?? 'asked'
}

/** Whatever the order of the facts and however often each was said, it stands the same. */
export function standingOf(facts: readonly MoneyFact[]): Standing {
  const paid = sumOf(movedOf(facts))
  const refunded = sumOf(ofKind(facts, 'refunded'))
  const [asked] = ofKind(facts, 'asked')
  return {
    state: stateOf(facts, paid, refunded),
    matched: asked !== undefined,
    asked: asked?.amount ?? null,
    paid,
    refunded,
  }
}

/** A fact that a person should look at. */
export interface Finding<F extends MoneyFact> {
  readonly reason: CaseReason
  readonly fact: F
}

type Inspector = <F extends MoneyFact>(facts: readonly F[]) => readonly F[]

const spoken = new Set<MoneyFact['kind']>(['paid', 'settled', 'failed', 'pending', 'refunded'])

const inspectors: Readonly<Partial<Record<CaseReason, Inspector>>> = {
  unmatched: (facts) =>
    ofKind(facts, 'asked').length > 0
      ? []
      : facts.filter(({ kind, dossier }) => spoken.has(kind) && dossier === ''),
  second_transaction: (facts) => {
    const paid = movedOf(facts)
    const first = paid.map((fact) => paid.findIndex((each) => transactionOf(each) === transactionOf(fact)))
    return paid.filter((_fact, i) => i > 0 && first[i] === i)
  },
  other_amount: (facts) => {
    const paid = movedOf(facts).filter(({ amount }) => amount !== null)
    const due = standingOf(facts).asked ?? paid[0]?.amount
    return paid.filter(({ amount }) => amount !== due)
  },
  no_amount: (facts) => movedOf(facts).filter(({ amount }) => amount === null),
  reused_reference: (facts) => {
    const [first, ...others] = ofKind(facts, 'asked')
    const names = ['sender', 'amount', 'dossier'] as const
    return others.filter((fact) => names.some((name) => fact[name] !== first?.[name]))
  },
  other_record: (facts) => {
    const paid = movedOf(facts)
    const isTold = ({ transaction, amount }: MoneyFact) =>
      paid.some((fact) => ['', fact.transaction].includes(transaction) && fact.amount === amount)
    return ofKind(facts, 'asked').length === 0 ? [] : ofKind(facts, 'recorded').filter((one) => !isTold(one))
  },
  cancelled: (facts) => (ofKind(facts, 'cancelled').length > 0 ? movedOf(facts) : []),
}

/** What a person should look at, in the order in which the facts came. */
export function findingsOf<F extends MoneyFact>(facts: readonly F[]): readonly Finding<F>[] {
  return caseReasons.flatMap((reason) =>
    (inspectors[reason]?.(facts) ?? []).map((fact) => ({ reason, fact })),
  )
}
