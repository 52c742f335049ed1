import { isSameFact, type KeptFact, type MoneyFact } from '../../../schemas/money-fact.ts'
import { findingsOf, standingOf, type CaseReason } from '../../../schemas/payment-standing.ts'
import type { NewRow } from '../database.ts'
import { standingRow, type CaseRow } from './rows.ts'

/** A fact to be written. */
export interface NewFact {
  readonly fact: MoneyFact
  /** The message that carries it; null where none can, and `sealed` is the request. */
  readonly messageId: string | null
  readonly sealed: Uint8Array | null
  readonly at: number
}

/** A payment while facts are added to it. */
export interface Account {
  readonly id: Buffer
  readonly reference: string
  readonly partner: string
  /** How many of its facts are written already. */
  readonly written: number
  readonly facts: KeptFact[]
  readonly sealed: Map<number, Uint8Array>
  /** Places of facts that a message has come to carry. */
  readonly carried: Set<number>
  readonly cases: readonly CaseRow[]
}

/** A repeat adds nothing, unless it is a message that carries what none could before. */
export function add({ facts, sealed, carried }: Account, entry: NewFact): void {
  const at = facts.findIndex((known) => isSameFact(known, entry.fact))
  const known = facts[at]
  if (known === undefined) {
    const seq = facts.length + 1
    facts.push({ ...entry.fact, seq, receivedAt: entry.at, messageId: entry.messageId })
    if (entry.sealed !== null) sealed.set(seq, entry.sealed)
  } else if (known.messageId === null && entry.messageId !== null) {
    facts[at] = { ...known, dossier: entry.fact.dossier, messageId: entry.messageId }
    carried.add(known.seq)
  }
}

/** What belongs to a payment is what its asker said, else whoever said it first. */
export const headRow = ({ facts, partner }: Account, at: number): NewRow => {
  const asked = facts.find(({ kind }) => kind === 'asked')
  return {
    partner: asked?.partner ?? partner,
    dossier: asked?.dossier || (facts.find(({ dossier }) => dossier !== '')?.dossier ?? ''),
    sender: asked?.sender ?? '',
    ...standingRow(standingOf(facts)),
    updated_at: at,
  }
}

interface Cause {
  readonly reason: CaseReason
  readonly seq: number
}

const isCause = (one: Cause, other: Cause): boolean => one.reason === other.reason && one.seq === other.seq

/** A fact that no message carries needs a person, be it only for that. */
const causesOf = ({ facts }: Account): readonly Cause[] => {
  const found = findingsOf(facts).map(({ reason, fact: { seq } }) => ({ reason, seq }))
  const lost = facts.filter(
    ({ seq, messageId }) => messageId === null && !found.some((one) => one.seq === seq),
  )
  return [...found, ...lost.map(({ seq }) => ({ reason: 'undeliverable', seq }) as const)]
}

/** Causes that go away by themselves, once somebody has asked, a message carries the fact, or what the books have is told. */
const passing: readonly CaseReason[] = ['unmatched', 'undeliverable', 'other_record']

/** Causes that have no case yet: each has one, ever. */
export const openedOf = (account: Account): readonly Cause[] =>
  causesOf(account).filter((cause) => !account.cases.some((known) => isCause(known, cause)))

/** Open cases whose cause is gone. */
export const passedOf = (account: Account): readonly CaseRow[] =>
  account.cases.filter(
    (known) =>
      known.closed_at === null &&
      passing.includes(known.reason) &&
      !causesOf(account).some((cause) => isCause(known, cause)),
  )
