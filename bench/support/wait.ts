import { setTimeout as sleep } from 'node:timers/promises'

/** Asks every `everyMs` until the answer is yes; false when `limitMs` are over first. */
export async function until(
  ask: () => boolean | Promise<boolean>,
  { limitMs, everyMs = 50 }: { readonly limitMs: number; readonly everyMs?: number },
): Promise<boolean> {
  const end = Date.now() + limitMs
  for (;;) {
    if (await ask()) return true
    if (Date.now() >= end) return false
    await sleep(everyMs)
  }
}
