import type { Knex } from 'knex'
import { v7 as uuidv7 } from 'uuid'
import { isSameFact, type KeptFact, type MoneyFact } from '../../../schemas/money-fact.ts'
import { findingsOf, standingOf, type CaseReason } from '../../../schemas/payment-standing.ts'
import { insertRows, readParts, type NewRow } from '../database.ts'
import { asBuffer, toBytes, toHex } from '../ids.ts'
import { factOf, factRow, pick, standingRow } from './rows.ts'
import type { CaseRow, FactRow, PaymentRow } from './rows.ts'

/** A fact to be written. */
export interface NewFact {
  readonly fact: MoneyFact
  /** The message that carries it; null where none can, and `sealed` is the request. */
  readonly messageId: string | null
  readonly sealed: Uint8Array | null
  readonly at: number
}

/** A payment while facts are added to it. */
interface Account {
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

type Book = Map<string, Account[]>

/** Reads the payments of some references, locked until the transaction ends: two that add to one payment follow each other. */
async function readBook(trx: Knex, references: readonly string[]): Promise<Book> {
  const payments = await readParts(
    [...new Set(references)].sort(),
    (part) =>
      trx('payment')
        .whereIn('reference', [...part])
        .orderBy(['reference', 'partner'])
        .forUpdate() as unknown as Promise<PaymentRow[]>,
  )
  const ids = payments.map(({ id }) => asBuffer(id))
  const read = <R>(table: string): Promise<R[]> =>
    readParts(
      ids,
      (part) =>
        trx(table)
          .whereIn('payment_id', [...part])
          .orderBy(['payment_id', 'seq']) as unknown as Promise<R[]>,
    )
  const facts = ids.length === 0 ? [] : await read<FactRow>('payment_fact')
  const cases = ids.length === 0 ? [] : await read<CaseRow>('payment_case')
  const book: Book = new Map()
  for (const { id, reference, partner } of payments) {
    const isOf = (row: FactRow | CaseRow) => toHex(row.payment_id) === toHex(id)
    const known = facts.filter(isOf).map((row) => factOf(row, reference))
    const account: Account = {
      ...{ id: asBuffer(id), reference, partner, written: known.length, facts: known },
      ...{ sealed: new Map(), carried: new Set(), cases: cases.filter(isOf) },
    }
    book.set(reference, [...(book.get(reference) ?? []), account])
  }
  return book
}

function accountOf(book: Book, fact: MoneyFact): Account {
  const { reference, partner } = fact
  const known = book.get(reference) ?? []
  const found = pick(known, fact)
  if (found !== undefined) return found
  const account: Account = {
    ...{ id: toBytes(uuidv7()), reference, partner, written: 0, facts: [] },
    ...{ sealed: new Map(), carried: new Set(), cases: [] },
  }
  book.set(reference, [...known, account])
  return account
}

/** A repeat adds nothing, unless it is a message that carries what none could before. */
function add({ facts, sealed, carried }: Account, entry: NewFact): void {
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
const headRow = ({ facts, partner }: Account, at: number): NewRow => {
  const asked = facts.find(({ kind }) => kind === 'asked')
  return {
    partner: asked?.partner ?? partner,
    dossier: asked?.dossier || (facts.find(({ dossier }) => dossier !== '')?.dossier ?? ''),
    sender: asked?.sender ?? '',
    ...standingRow(standingOf(facts)),
    updated_at: at,
  }
}

async function write(trx: Knex, account: Account, at: number): Promise<void> {
  const { id, reference, written, facts, sealed, carried } = account
  const head = headRow(account, at)
  if (written === 0) await insertRows(trx, 'payment', [{ id, reference, ...head }])
  else await trx('payment').where({ id }).update(head)
  const fresh = facts.slice(written).map((fact) => factRow(id, fact, sealed.get(fact.seq) ?? null))
  await insertRows(trx, 'payment_fact', fresh)
  for (const { seq, messageId, dossier } of facts.filter((fact) => carried.has(fact.seq)))
    await trx('payment_fact')
      .where({ payment_id: id, seq })
      .update({ message_id: toBytes(messageId ?? ''), dossier })
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

/** Causes that go away by themselves, once somebody has asked or a message carries the fact. */
const passing: readonly CaseReason[] = ['unmatched', 'undeliverable']

/** Opens the cases that the facts now ask for; each cause has one case, ever. Closes those whose cause is gone. */
async function settleCases(trx: Knex, account: Account, at: number): Promise<void> {
  const causes = causesOf(account)
  const opened = causes.filter((cause) => !account.cases.some((known) => isCause(known, cause)))
  const rows = opened.map((cause) => ({
    ...{ id: toBytes(uuidv7()), payment_id: account.id, ...cause },
    ...{ opened_at: at, closed_at: null, closed_by: null, closed_reason: null },
  }))
  await insertRows(trx, 'payment_case', rows)
  const gone = account.cases.filter(
    (known) =>
      known.closed_at === null &&
      passing.includes(known.reason) &&
      !causes.some((cause) => isCause(known, cause)),
  )
  for (const { id } of gone)
    await trx('payment_case')
      .where({ id: asBuffer(id) })
      .update({ closed_at: at, closed_by: '' })
}

/** Appends facts to their payments, and brings what follows from them up to date, within the transaction of their messages. */
export async function recordFacts(trx: Knex, entries: readonly NewFact[]): Promise<void> {
  if (entries.length === 0) return
  const book = await readBook(
    trx,
    entries.map(({ fact }) => fact.reference),
  )
  const touched = new Map<Account, number>()
  for (const entry of entries) {
    const account = accountOf(book, entry.fact)
    add(account, entry)
    touched.set(account, entry.at)
  }
  for (const [account, at] of touched) {
    await write(trx, account, at)
    await settleCases(trx, account, at)
  }
}
