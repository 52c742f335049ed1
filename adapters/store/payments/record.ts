import type { Knex } from 'knex'
import type { MoneyFact } from '../../../schemas/money-fact.ts'
import { insertRows, readParts } from '../database.ts'
import { asBuffer, toBytes, toHex } from '../ids.ts'
import { newId } from '../../../signing/new-id.ts'
import { add, headRow, openedOf, passedOf, type Account, type NewFact } from './account.ts'
import { factOf, factRow, pick } from './rows.ts'
import type { CaseRow, FactRow, PaymentRow } from './rows.ts'

/** An account that was added to, and when (ms). */
interface Touched {
  readonly account: Account
  readonly at: number
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
  const facts = byPayment(await read<FactRow>('payment_fact'))
  const cases = byPayment(await read<CaseRow>('payment_case'))
  const book: Book = new Map()
  for (const { id, reference, partner } of payments) {
    const known = (facts.get(toHex(id)) ?? []).map((row) => factOf(row, reference))
    const account: Account = {
      ...{ id: asBuffer(id), reference, partner, written: known.length, facts: known },
      ...{ sealed: new Map(), carried: new Set(), cases: cases.get(toHex(id)) ?? [] },
    }
    book.set(reference, [...(book.get(reference) ?? []), account])
  }
  return book
}

function byPayment<R extends FactRow | CaseRow>(rows: readonly R[]): ReadonlyMap<string, readonly R[]> {
  const grouped = new Map<string, R[]>()
  for (const row of rows) {
    const id = toHex(row.payment_id)
    const known = grouped.get(id)
    if (known === undefined) grouped.set(id, [row])
    else known.push(row)
  }
  return grouped
}

function accountOf(book: Book, fact: MoneyFact): Account {
  const { reference, partner } = fact
  const known = book.get(reference) ?? []
  const found = pick(known, fact)
  if (found !== undefined) return found
  const account: Account = {
    ...{ id: toBytes(newId()), reference, partner, written: 0, facts: [] },
    ...{ sealed: new Map(), carried: new Set(), cases: [] },
  }
  book.set(reference, [...known, account])
  return account
}

async function writeHeads(trx: Knex, accounts: readonly Touched[]): Promise<void> {
  const fresh = accounts.filter(({ account }) => account.written === 0)
  const rows = fresh.map(({ account, at }) => ({
    ...{ id: account.id, reference: account.reference },
    ...headRow(account, at),
  }))
  await insertRows(trx, 'payment', rows)
  for (const { account, at } of accounts.filter((each) => !fresh.includes(each)))
    await trx('payment').where({ id: account.id }).update(headRow(account, at))
}

async function writeFacts(trx: Knex, accounts: readonly Touched[]): Promise<void> {
  const rows = accounts.flatMap(({ account: { id, facts, written, sealed } }) =>
    facts.slice(written).map((fact) => factRow(id, fact, sealed.get(fact.seq) ?? null)),
  )
  await insertRows(trx, 'payment_fact', rows, { big: rows.some(({ sealed }) => sealed !== null) })
  for (const { account } of accounts)
    for (const { seq, messageId, dossier } of account.facts.filter((fact) => account.carried.has(fact.seq)))
      await trx('payment_fact')
        .where({ payment_id: account.id, seq })
        .update({ message_id: toBytes(messageId ?? ''), dossier })
}

/** Opens the cases that the facts now ask for; each cause has one case, ever. Closes those whose cause is gone. */
async function settleCases(trx: Knex, accounts: readonly Touched[]): Promise<void> {
  const opened = accounts.flatMap(({ account, at }) =>
    openedOf(account).map((cause) => ({
      ...{ id: toBytes(newId()), payment_id: account.id, ...cause },
      ...{ opened_at: at, closed_at: null, closed_by: null, closed_reason: null },
    })),
  )
  await insertRows(trx, 'payment_case', opened)
  for (const { account, at } of accounts)
    for (const { id } of passedOf(account))
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
  const touched = new Map<Account, Touched>()
  for (const entry of entries) {
    const account = accountOf(book, entry.fact)
    add(account, entry)
    touched.set(account, { account, at: entry.at })
  }
  const accounts = [...touched.values()]
  await writeHeads(trx, accounts)
  await writeFacts(trx, accounts)
  await settleCases(trx, accounts)
}
