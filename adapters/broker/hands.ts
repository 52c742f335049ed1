/** What became of one id: `forgotten` = dropped before its turn came. */
export type Handled = 'done' | 'failed' | 'forgotten'

export interface Hands {
  /** Ids that could be started at once. */
  free(): number
  /** Runs the handler when a hand is free, in the order of the calls. Never rejects. */
  run(id: string): Promise<Handled>
  /** Drops what waits for a free hand; what runs goes on. */
  forget(): void
  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void>
}

interface Waiting {
  readonly id: string
  readonly resolve: (handled: Handled) => void
}

interface HandsOptions {
  readonly size: number
  readonly handle: (id: string) => Promise<void>
  readonly failed: (id: string, error: unknown) => void
}

/** Runs at most `size` handlers at once. A prefetch alone does not bound that: a new channel brings tickets while those of the lost one still run. */
export function createHands({ size, handle, failed }: HandsOptions): Hands {
  if (!(size >= 1)) throw new RangeError(`at least one ticket must be allowed at once, not ${size}`)
  const waiting: Waiting[] = []
  const idlers: (() => void)[] = []
  let busy = 0

  const attempt = async (id: string): Promise<Handled> => {
    try {
      await handle(id)
      return 'done'
    } catch (error) {
      failed(id, error)
      return 'failed'
    }
  }
  const next = () => {
    while (busy < size) {
      const first = waiting.shift()
      if (first === undefined) break
      busy += 1
      void attempt(first.id).then((handled) => {
        busy -= 1
        first.resolve(handled)
        next()
      })
    }
    if (busy === 0 && waiting.length === 0) for (const wake of idlers.splice(0)) wake()
  }

  return {
    free: () => size - busy - waiting.length,
    run: (id) =>
      new Promise((resolve) => {
        waiting.push({ id, resolve })
        next()
      }),
    forget: () => {
      for (const { resolve } of waiting.splice(0)) resolve('forgotten')
    },
    idle: () => {
      if (busy === 0 && waiting.length === 0) return Promise.resolve()
      return new Promise((resolve) => {
        idlers.push(resolve)
      })
    },
  }
}
