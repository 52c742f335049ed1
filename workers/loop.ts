/** A repeated step that can be woken early and stopped. */
export interface Loop {
  wake(): void
  stop(): Promise<void>
}

/**
 * Runs `step` again and again: at once while it answers true, else after `idleMs` or a wake. A step that throws is
 * reported and tried again after `idleMs`; the loop itself never ends before `stop`, which waits for the step under way.
 */
export function startLoop(
  step: () => Promise<boolean>,
  { idleMs, onError }: { readonly idleMs: number; readonly onError: (error: unknown) => void },
): Loop {
  let stopped = false
  let woken = false
  let rouse: () => void = () => undefined

  async function pause(): Promise<void> {
    if (woken) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, idleMs)
      rouse = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function once(): Promise<boolean> {
    try {
      return await step()
    } catch (error) {
      onError(error)
      return false
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      woken = false
      const more = await once()
      if (!more) await pause()
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
