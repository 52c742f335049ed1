import type { Acceptance, AcceptResult, Store } from '../adapters/store/store.ts'
import { sha256 } from '../signing/digest.ts'
import { grouped, rowLimits } from './batch.ts'
import type { Failpoint } from './failpoint.ts'

export interface AcceptDeps {
  readonly store: Pick<Store, 'acceptMany'>
  readonly failpoint: Failpoint
  /** Commits under way at once: while one waits for the database, the next is written. One where the store has one writer. */
  readonly commitsAtOnce: number
}

/** Commits acceptances in batches. What concerns one subject goes through one queue, in the order in which it came: the lanes keep it. */
export function createAccept({
  store,
  failpoint,
  commitsAtOnce,
}: AcceptDeps): (acceptance: Acceptance) => Promise<AcceptResult> {
  const commit = async (batch: readonly Acceptance[]) => {
    failpoint('accept:before-commit')
    const results = await store.acceptMany(batch)
    failpoint('accept:after-commit')
    return results
  }
  const queue = () => grouped(commit, rowLimits, ({ original }: Acceptance) => original.byteLength)
  const first = queue()
  const queues = [first, ...Array.from({ length: commitsAtOnce - 1 }, queue)]
  return (acceptance) => (queues[turnOf(acceptance) % queues.length] ?? first)(acceptance)
}

const turnOf = ({ message: { subjectKey, id } }: Acceptance): number =>
  sha256(subjectKey === '' ? id : subjectKey).readUInt16BE()
