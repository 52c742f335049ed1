import type { Knex } from 'knex'
import { buffer } from 'node:stream/consumers'
import { openAtRest, sealAtRest, type MasterKeys } from '../../signing/at-rest.ts'
import type { Blobs } from '../blobs/blobs.ts'
import { insertRows } from './database.ts'
import { asBuffer, toBytes, toHex } from './ids.ts'
import type { Acceptance } from './store.ts'

/** From here on an original is a file beside the database: rows of this size make replication and backup slow. */
const largeBytes = 256 * 1024

/** An original as it is kept: sealed in its row, or in the blob store at an address. */
export interface KeptOriginal {
  readonly sealed: Buffer
  readonly address: Buffer | null
}

export interface StoredOriginal {
  readonly original: Uint8Array
  readonly address: Uint8Array | null
}

export interface Originals {
  /** Encrypts an original for this message id; a large one is written to the blob store. */
  readonly keep: (original: Uint8Array, messageId: string) => Promise<KeptOriginal>
  readonly open: (stored: StoredOriginal, messageId: string) => Promise<Buffer>
}

export const nothing: KeptOriginal = { sealed: Buffer.alloc(0), address: null }

/** A blob is written before the transaction that names it: a crash between the two leaves an orphan, never a name without a blob. */
export function createOriginals(
  masterKeys: MasterKeys,
  blobs: Pick<Blobs, 'write' | 'read'> | undefined,
): Originals {
  return {
    async keep(original, messageId) {
      if (blobs === undefined || original.byteLength <= largeBytes)
        return { sealed: sealAtRest(original, masterKeys, messageId), address: null }
      const { address } = await blobs.write([original], original.byteLength)
      return { ...nothing, address: Buffer.from(address, 'hex') }
    },
    async open({ original, address }, messageId) {
      if (address === null) return openAtRest(original, masterKeys, messageId)
      if (blobs === undefined) throw new Error('an original lies in the blob store, and there is none')
      return buffer(await blobs.read(toHex(address)))
    },
  }
}

type Kept = Pick<Acceptance, 'message'> & { readonly kept: KeptOriginal }

/** Writes the originals of a batch, or where they lie. */
export async function writeOriginals(trx: Knex, fresh: readonly Kept[]): Promise<void> {
  const originals = fresh.map(({ message, kept }) => ({ id: toBytes(message.id), original: kept.sealed }))
  await insertRows(trx, 'message_original', originals, { big: true })
  const large = fresh.flatMap(({ message, kept: { address } }) =>
    address === null ? [] : [{ message_id: toBytes(message.id), address: asBuffer(address) }],
  )
  if (large.length > 0) await insertRows(trx, 'original_blob', large)
}
