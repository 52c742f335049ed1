import { nextAttemptAt } from './clocks.ts'

const most = 10_000

/** Lets what could not be taken wait by itself, longer each time, so that it delays nothing else and is not refused anew every minute. */
export interface Patience {
  isWaiting(id: string): boolean
  failed(id: string): void
  ended(id: string): void
}

/** Kept in memory: after a restart everything is tried once more. */
export function createPatience({
  now,
  random,
}: {
  readonly now: () => number
  readonly random: () => number
}): Patience {
  const known = new Map<string, { readonly attempts: number; readonly until: number }>()
  return {
    isWaiting: (id) => (known.get(id)?.until ?? 0) > now(),
    failed(id) {
      if (known.size >= most) known.clear()
      const attempts = (known.get(id)?.attempts ?? 0) + 1
      known.set(id, { attempts, until: nextAttemptAt({ attempts, now: now(), random: random() }) })
    },
    ended: (id) => void known.delete(id),
  }
}
