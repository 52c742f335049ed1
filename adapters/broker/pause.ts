import { setTimeout as sleep } from 'node:timers/promises'

/** Waits `ms`, or less if the signal is given; never rejects. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

/** Resolves when `work` does, or after `ms`, and leaves no timer behind. Rejects as `work` does. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const cut = new AbortController()
  try {
    await Promise.race([work, pause(ms, cut.signal)])
  } finally {
    cut.abort()
  }
}
