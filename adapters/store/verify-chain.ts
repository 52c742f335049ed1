import type { Knex } from 'knex'
import { sha256 } from '../../signing/digest.ts'
import { emptyChain, nextLink } from './evidence.ts'
import { toHex } from './ids.ts'

const pageRows = 1000

interface Link {
  readonly seq: number
  readonly digest: Uint8Array
  readonly chain: Uint8Array
  readonly jws: string | null
}

/** What the walk over one chain found. `brokenAt`: the first sequence number that does not hold, or null. */
export interface ChainReport {
  readonly links: number
  /** Hex of the last link that holds: compare it with a head that was kept elsewhere, since a cut tail leaves no other trace. */
  readonly head: string
  readonly brokenAt: number | null
}

const readPage = (knex: Knex, writer: string, after: number): Promise<Link[]> =>
  knex<Link>('evidence')
    .leftJoin('receipt', 'receipt.id', 'evidence.receipt_id')
    .where('evidence.writer', writer)
    .andWhere('evidence.seq', '>', after)
    .orderBy('evidence.seq')
    .limit(pageRows)
    .select('evidence.seq', 'evidence.digest', 'evidence.chain', 'receipt.jws')

const holds = (link: Link, seq: number, chain: Uint8Array): boolean =>
  link.seq === seq + 1 &&
  link.jws !== null &&
  toHex(link.digest) === toHex(sha256(link.jws)) &&
  toHex(link.chain) === toHex(nextLink(chain, link.digest))

/** Recomputes one writer's chain (such as `node-1/accept`) from its receipts. For auditors and tests. */
export async function verifyChain(knex: Knex, writer: string): Promise<ChainReport> {
  let { seq, chain } = emptyChain
  for (;;) {
    const page = await readPage(knex, writer, seq)
    for (const link of page) {
      if (!holds(link, seq, chain)) return { links: seq, head: toHex(chain), brokenAt: seq + 1 }
      ;({ seq, chain } = link)
    }
    if (page.length < pageRows) return { links: seq, head: toHex(chain), brokenAt: null }
  }
}
