/** A database that is away is asked every other second at last, and named in the log as often. */
const longestPauseMs = 2_000

/** A repeated step that can be woken early and stopped. */
export interface Loop {
  wake(): void
  stop(): Promise<void>
}

/**
 * Runs `step` again and again: at once while it answers true, else after `idleMs` or a wake. A step that throws is
 * reported and tried again, after `idleMs` doubling to 2 s while it goes on throwing; the loop itself never ends before `stop`, which waits for the step under way.
 */
export function startLoop(
  step: () => Promise<boolean>,
  { idleMs, onError }: { readonly idleMs: number; readonly onError: (error: unknown) => void },
): Loop {
  let stopped = false
  let woken = false
  let failures = 0
  let rouse: () => void = () => undefined

  async function pause(ms: number): Promise<void> {
    if (woken) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function once(): Promise<boolean> {
    try {
      const more = await step()
      failures = 0
      return more
    } catch (error) {
      failures += 1
      onError(error)
      return false
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false
      const more = await once()
      if (!more) await pause(Math.min(idleMs * 2 ** failures, Math.max(idleMs, longestPauseMs)))
    }
  }

  const ended = run()
  return {
    wake() {
      woken = true
      rouse()
    },
    async stop() {
      stopped = true
      woken = true
      rouse()
      await ended
    },
  }
}
