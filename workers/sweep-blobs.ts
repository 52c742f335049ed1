import type { Blobs } from '../adapters/blobs/blobs.ts'
import type { Store } from '../adapters/store/store.ts'

const dayMs = 24 * 3_600_000
/** How long a file waits for the message that refers to it. */
const unusedMs = 7 * dayMs
/** How old a blob without a name is an orphan: far longer than any transaction that could still name it. */
const orphanMs = dayMs
const part = 200

export interface SweepBlobsDeps {
  readonly store: Pick<Store, 'dropUnusedFiles' | 'unusedAddresses'>
  readonly blobs: Pick<Blobs, 'addresses' | 'remove'>
  readonly now: () => number
}

/**
 * Forgets files that no message came for, then removes blobs that nothing names: those of files forgotten, and of processes
 * that died between blob and commit. Several processes may do it at once.
 */
export function createSweepBlobs({ store, blobs, now }: SweepBlobsDeps): () => Promise<boolean> {
  return async () => {
    const forgotten = await store.dropUnusedFiles(now() - unusedMs, part)
    const before = now() - orphanMs
    const batch: string[] = []
    for await (const address of blobs.addresses(before)) {
      batch.push(address)
      if (batch.length === part) await removeUnused(batch.splice(0), before)
    }
    await removeUnused(batch, before)
    return forgotten === part
  }

  async function removeUnused(addresses: readonly string[], before: number): Promise<void> {
    for (const address of await store.unusedAddresses(addresses)) await blobs.remove(address, before)
  }
}
