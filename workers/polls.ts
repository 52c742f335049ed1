import type { Dialect } from '../adapters/agencies/dialect.ts'
import type { Store } from '../adapters/store/store.ts'
import { createPatience } from './patience.ts'
import { pollOne, type Begun, type PollDeps, type Polled } from './poll.ts'
import { hasFailed, isInUse, nextPollAt, type Fates } from './poll-rules.ts'

/** Partners that a process asks at once. */
const mostAtOnce = 8

/** What is known of one poll, for the log: numbers, never content. */
export interface PollLine extends Fates {
  readonly agency: string
  readonly listed: number
  /** Failures in a row, this one included. */
  readonly failures: number
  /** Age of the copy of its directory; null where there is none. */
  readonly directoryAgeMs: number | null
  readonly durationMs: number
}

export interface PollsDeps extends Omit<PollDeps, 'store' | 'patience'> {
  readonly store: PollDeps['store'] & Pick<Store, 'restingPolls' | 'takePoll' | 'endPoll'>
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly random: () => number
  readonly report: (line: PollLine) => void
}

/** Asks the partners whose servers hold messages for us, each at its own interval; N processes share the work by leases. */
export interface Polls {
  /** Begins the polls whose time has come; does not wait for them. */
  round(): Promise<boolean>
  /** Begins nothing more, and waits for what is under way to end after its present thing. */
  stop(): Promise<void>
}

export function createPolls(given: PollsDeps): Polls {
  const deps = { ...given, patience: createPatience(given) }
  const { store, owner, leaseMs, now } = deps
  const running = new Map<string, Promise<void>>()
  let isStopped = false

  async function begin(polled: Polled): Promise<void> {
    const { code } = polled.agency
    const at = now()
    const taken = await store.takePoll(code, { owner, now: at, until: at + leaseMs })
    if (taken === null) return
    const ended = run({ ...polled, after: taken.mark }, taken.failures)
      .catch((error: unknown) => deps.reportFault({ agency: code, waiting: null, error })) // the lease ends by itself
      .finally(() => running.delete(code))
    running.set(code, ended)
  }

  async function run(polled: Begun, failuresBefore: number): Promise<void> {
    const { agency, poll } = polled
    const startedAt = now()
    const { fates, listed, hasMore, directoryAgeMs, error } = await pollOne(polled, () => isStopped, deps)
    const failures = error !== null || hasFailed(fates) ? failuresBefore + 1 : 0
    const everyMs = poll.everySeconds(agency) * 1000
    const dueAt = nextPollAt({ now: now(), everyMs, failures, hasMore, random: deps.random() })
    await store.endPoll(agency.code, owner, { dueAt, failures })
    const counts = { agency: agency.code, ...fates, listed, failures, directoryAgeMs }
    deps.report({ ...counts, durationMs: now() - startedAt })
  }

  return {
    async round() {
      const resting = await store.restingPolls(now())
      const ready = polledBodies(deps).filter(({ agency: { code } }) => !resting.has(code))
      for (const polled of ready)
        if (!isStopped && running.size < mostAtOnce && !running.has(polled.agency.code)) await begin(polled)
      return false
    },
    async stop() {
      isStopped = true
      await Promise.all(running.values())
    },
  }
}

function polledBodies({ directory, dialects, now }: PollsDeps): readonly Polled[] {
  return directory().agencies.flatMap((agency) => {
    const dialect = dialects.get(agency.dialect)
    if (dialect?.poll === undefined || !isInUse(agency, now())) return []
    return dialect.poll.everySeconds(agency) > 0 ? [{ agency, dialect, poll: dialect.poll }] : []
  })
}
