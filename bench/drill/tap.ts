/** Lets so many new messages through; the senders wait at it. */
export interface Tap {
  /** Lets `count` more through. */
  open(count: number): void
  /** Resolves when the caller may send one; false when nothing more will come. */
  take(): Promise<boolean>
  /** Ends it: all that wait, and all that come, are told to stop. */
  close(): void
}

export function createTap(): Tap {
  let left = 0
  let closed = false
  const waiting: ((go: boolean) => void)[] = []

  return {
    open(count) {
      left += count
      while (left > 0 && waiting.length > 0) {
        left -= 1
        waiting.shift()?.(true)
      }
    },
    take() {
      if (closed) return Promise.resolve(false)
      if (left === 0) return new Promise((resolve) => waiting.push(resolve))
      left -= 1
      return Promise.resolve(true)
    },
    close() {
      closed = true
      for (const tell of waiting.splice(0)) tell(false)
    },
  }
}
