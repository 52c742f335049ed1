/** Waits for a turn of the event loop that has room. */
export type Spread = () => Promise<void>

/**
 * Spreads what comes at once over turns of the event loop, so many a turn, in the order in which they came. A crowd of requests holds the
 * loop for as long as it takes to judge them all; the answers of the database, which the batch before them waits for at each of its
 * statements, would wait behind it.
 */
export function createSpread(perTurn: number): Spread {
  const waiting: (() => void)[] = []
  let isComing = false

  function nextTurn(): void {
    for (const go of waiting.splice(0, perTurn)) go()
    isComing = waiting.length > 0
    if (isComing) setImmediate(nextTurn)
  }

  return () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve)
      if (!isComing) setImmediate(nextTurn)
      isComing = true
    })
}
