/** Wakes those who wait for something of this process to move. Others' moves are found by asking now and then. */
export interface Watch {
  moved(ids: readonly string[]): void
  /** Ends when one of these has moved, or the time is over. */
  next(ids: readonly string[], ms: number): Promise<void>
}

export function createWatch(): Watch {
  const waiting = new Map<string, Set<() => void>>()

  function leave(ids: readonly string[], wake: () => void): void {
    for (const id of ids) {
      const others = waiting.get(id)
      others?.delete(wake)
      if (others?.size === 0) waiting.delete(id)
    }
  }

  return {
    moved(ids) {
      for (const id of ids) for (const wake of [...(waiting.get(id) ?? [])]) wake()
    },
    next: (ids, ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(wake, ms)
        function wake(): void {
          clearTimeout(timer)
          leave(ids, wake)
          resolve()
        }
        for (const id of ids) waiting.set(id, (waiting.get(id) ?? new Set()).add(wake))
      }),
  }
}
