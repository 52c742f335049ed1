import type { Knex } from 'knex'
import type { ReceiptKind, SignedReceipt } from '../../schemas/receipt.ts'
import { sha256 } from '../../signing/digest.ts'
import { insertRows } from './database.ts'
import type { NewRow } from './database.ts'
import { holdEpoch } from './epoch.ts'
import { isContention, isDuplicate } from './failures.ts'
import { toBytes, toBytesOrNull } from './ids.ts'
import { createMutex } from './mutex.ts'
import { retryTransaction } from './retry-transaction.ts'

interface Head {
  readonly seq: number
  readonly chain: Uint8Array
}

interface EvidenceRow extends Head {
  readonly writer: string
  readonly digest: Uint8Array
  readonly receipt_id: Uint8Array
}

/** Keeps signed receipts, and links them into the chain, inside the act's transaction. */
export type Prove = (receipts: readonly SignedReceipt[]) => Promise<void>

/** Runs one act in one transaction that may prove things. Acts of one chain run one after the other. */
export type Chain = <T>(act: (trx: Knex.Transaction, prove: Prove) => Promise<T>) => Promise<T>

export const emptyChain: Head = { seq: 0, chain: new Uint8Array(32) }

/** chain_n = SHA-256(chain_{n-1} || digest_n), digest_n = SHA-256(jws). */
export const nextLink = (chain: Uint8Array, digest: Uint8Array): Buffer => sha256(chain, digest)

async function readHead(trx: Knex, writer: string): Promise<Head> {
  const row = await trx<EvidenceRow>('evidence')
    .where({ writer })
    .orderBy('seq', 'desc')
    .first('seq', 'chain')
  return row ?? emptyChain
}

const receiptRow = ({ receipt, jws }: SignedReceipt): NewRow => ({
  id: toBytes(receipt.id),
  message_id: toBytesOrNull(receipt.messageId),
  delivery_id: receipt.deliveryId === undefined ? null : toBytes(receipt.deliveryId),
  kind: receipt.kind,
  at: receipt.at,
  jws,
})

const refusing: ReadonlySet<ReceiptKind> = new Set(['refusal', 'refused'])

/** Refusals are listed for the body that had sent. */
async function writeRefusals(trx: Knex, receipts: readonly SignedReceipt[]): Promise<void> {
  const refusals = receipts.filter(({ receipt }) => refusing.has(receipt.kind))
  if (refusals.length === 0) return
  const epoch = await holdEpoch(trx)
  const rows = refusals.map(({ receipt: { id, sender, at } }) => ({
    receipt_id: toBytes(id),
    body: sender,
    epoch,
    at,
  }))
  await insertRows(trx, 'refusal', rows)
}

interface LinkContext {
  readonly writer: string
  readonly at: number
}

function linkRows(head: Head, receipts: readonly SignedReceipt[], { writer, at }: LinkContext): NewRow[] {
  let { seq, chain } = head
  return receipts.map(({ receipt, jws }) => {
    const digest = sha256(jws)
    chain = nextLink(chain, digest)
    seq += 1
    return { writer, seq, kind: receipt.kind, receipt_id: toBytes(receipt.id), digest, chain, at }
  })
}

const headAfter = (rows: readonly NewRow[], head: Head): Head => {
  const last = rows.at(-1)
  return last === undefined ? head : (last as unknown as Head)
}

export interface ChainDeps {
  readonly knex: Knex
  /** Name of the chain; no other process may write to it. */
  readonly writer: string
  readonly clock: () => number
}

/**
 * One chain of evidence. Its head is kept in memory, moves only after the commit, and is read again after any failure. A taken key
 * (another process accepted the same reference first) repeats the act, which then finds what the other has written.
 */
export function createChain({ knex, writer, clock }: ChainDeps): Chain {
  const oneAtATime = createMutex()
  let known: Head | null = null
  return (act) =>
    oneAtATime(async () => {
      let next = known
      known = null
      let first = true
      const result = await retryTransaction(
        knex,
        async (trx) => {
          if (!first) next = null
          first = false
          return act(trx, async (receipts) => {
            next ??= await readHead(trx, writer)
            const rows = linkRows(next, receipts, { writer, at: clock() })
            await insertRows(trx, 'receipt', receipts.map(receiptRow))
            await writeRefusals(trx, receipts)
            await insertRows(trx, 'evidence', rows)
            next = headAfter(rows, next)
          })
        },
        (error) => isContention(error) || isDuplicate(error),
      )
      known = next
      return result
    })
}
