import type { Tap } from './tap.ts'

/** What may still be sent, and what may be sent now. */
export interface Supply {
  /** Lets so many through at once, or what is left. */
  open(count: number): void
  /** Lets so many through, evenly over `ms`, and what is left of them when the answer is called. */
  pour(count: number, ms: number): () => void
  readonly opened: () => number
}

const stepMs = 50

export function createSupply(total: number, tap: Tap): Supply {
  let opened = 0
  const open = (count: number) => {
    const granted = Math.min(count, total - opened)
    opened += granted
    tap.open(granted)
  }
  return {
    open,
    opened: () => opened,
    pour(count, ms) {
      const began = Date.now()
      let done = 0
      const upTo = (due: number) => {
        open(due - done)
        done = due
        if (done === count) clearInterval(timer)
      }
      const timer = setInterval(
        () => upTo(Math.min(count, Math.ceil((count * (Date.now() - began)) / ms))),
        stepMs,
      )
      if (ms === 0) upTo(count)
      return () => upTo(count)
    },
  }
}
