import type { Context } from 'mocha'

/** One thing for all tests of a suite: opened before the first by a function that lends it, given back after the last. */
export function lendToSuite<T>(
  open: (use: (lent: T) => Promise<void>) => Promise<void>,
  { require, timeoutMs }: { require?: (context: Context) => Promise<void>; timeoutMs?: number } = {},
): () => T {
  let lent: T | undefined
  let giveBack: () => void = () => undefined
  let over: Promise<void> = Promise.resolve()
  before(async function () {
    if (timeoutMs !== undefined) this.timeout(timeoutMs)
    await require?.(this)
    await new Promise<void>((ready, failed) => {
      const keep = (opened: T) =>
        new Promise<void>((release) => {
          lent = opened
          giveBack = release
          ready()
        })
      over = open(keep)
      over.catch(failed)
    })
  })
  after(async function () {
    if (timeoutMs !== undefined) this.timeout(timeoutMs)
    giveBack()
    await over
  })
  return () => {
    if (lent === undefined) throw new Error('it is lent to the tests of its suite only')
    return lent
  }
}
