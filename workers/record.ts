import type { Ending, EndingResult, Store } from '../adapters/store/store.ts'
import { grouped, rowLimits } from './batch.ts'
import { breakerOpenMs, breakerThreshold } from './clocks.ts'
import type { Sign } from './ending.ts'
import type { Failpoint } from './failpoint.ts'
import type { Publish } from './relay.ts'
import type { Watch } from './watch.ts'

/** An ending with what it says of its recipient's health. */
export interface Recording {
  readonly ending: Ending
  readonly recipient: string
  readonly sign: Sign
}

export interface RecordDeps {
  readonly store: Pick<
    Store,
    'recordMany' | 'recordFailures' | 'recordSuccess' | 'noteSuccess' | 'agencyStates'
  >
  readonly publish: Publish
  readonly isPushed: (agency: string) => boolean
  readonly owner: string
  readonly leaseMs: number
  readonly now: () => number
  readonly failpoint: Failpoint
  /** Told when a recipient's breaker opens. */
  readonly opened: (agency: string, code: string | null) => void
  readonly watch: Pick<Watch, 'moved'>
}

export type Recorder = (recording: Recording) => Promise<EndingResult>

/** Commits endings in batches, tells the breakers, and publishes what each lane frees. False in `recorded`: the lease was lost. */
export function createRecord(deps: RecordDeps): Recorder {
  const note = createNote(deps)
  return grouped(async (batch) => {
    const now = deps.now()
    deps.failpoint('record:before-commit')
    const results = await deps.store.recordMany(
      batch.map(({ ending }) => ending),
      { owner: deps.owner, now, until: now + deps.leaseMs, mayLease: deps.isPushed },
    )
    deps.failpoint('record:after-commit')
    deps.watch.moved(batch.map(({ ending }) => ending.deliveryId))
    await tellBreakers(batch, deps)
    await note(batch)
    void deps.publish(results.flatMap(({ freed }) => freed))
    return results
  }, rowLimits)
}

/**
 * Per recipient of a batch: one success closes its breaker; else its failures are counted together. A success is news only for a
 * breaker that counts, and one question tells which do: a question for each recipient was a third of a batch's statements.
 */
async function tellBreakers(batch: readonly Recording[], { store, now, opened }: RecordDeps): Promise<void> {
  const counting = await countingBreakers(batch, store)
  for (const agency of new Set(batch.map(({ recipient }) => recipient))) {
    const signs = batch.filter(({ recipient }) => recipient === agency).map(({ sign }) => sign)
    const failures = signs.filter((sign) => sign === 'failure' || sign === 'fault').length
    if (signs.includes('success')) {
      if (counting.has(agency)) await store.recordSuccess(agency, now())
    } else if (failures > 0) {
      const [at, code] = [now(), lastCode(batch, agency)]
      const { openUntil } = await store.recordFailures(agency, failures, {
        now: at,
        threshold: breakerThreshold,
        atOnce: signs.includes('fault'),
        code,
        openForMs: breakerOpenMs,
      })
      if (openUntil > at) opened(agency, code)
    }
  }
}

function lastCode(batch: readonly Recording[], agency: string): string | null {
  return (
    batch.findLast(({ recipient, ending }) => recipient === agency && ending.attempt?.code != null)?.ending
      .attempt?.code ?? null
  )
}

/** How exactly the last success of a recipient is known: a write for each would be a row that all wait for. */
const noteEveryMs = 10_000

/** Notes who took something, each recipient every ten seconds at most. A mailbox's answer is one too. */
function createNote({ store, now }: RecordDeps): (batch: readonly Recording[]) => Promise<void> {
  const notedAt = new Map<string, number>()
  return async (batch) => {
    const at = now()
    const took = batch.filter(({ ending }) => ending.state === 'delivered' || ending.state === 'processed')
    const news = [...new Set(took.map(({ recipient }) => recipient))].filter(
      (agency) => at - (notedAt.get(agency) ?? -Infinity) >= noteEveryMs,
    )
    for (const agency of news) notedAt.set(agency, at)
    if (news.length > 0) await store.noteSuccess(news, at)
  }
}

async function countingBreakers(
  batch: readonly Recording[],
  store: RecordDeps['store'],
): Promise<ReadonlySet<string>> {
  if (!batch.some(({ sign }) => sign === 'success')) return new Set()
  const states = await store.agencyStates()
  const counting = states.filter(({ failures, openUntil }) => failures > 0 || openUntil > 0)
  return new Set(counting.map(({ agency }) => agency))
}
