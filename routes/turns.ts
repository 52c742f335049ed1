/** Lets at most so many go at once, in the order in which they came. */
export interface Turns {
  /** Resolves when it is the caller's turn; what it answers ends the turn, once. */
  take(): Promise<() => void>
}

export function createTurns(most: number): Turns {
  const waiting: (() => void)[] = []
  let taken = 0

  function end(): void {
    const next = waiting.shift()
    if (next === undefined) taken -= 1
    else next()
  }

  return {
    async take() {
      if (taken < most) taken += 1
      else await new Promise<void>((resolve) => waiting.push(resolve))
      let ended = false
      return () => {
        if (!ended) end()
        ended = true
      }
    },
  }
}
