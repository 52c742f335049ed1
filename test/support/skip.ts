import type { Context, Runnable, Suite } from 'mocha'

/**
 * Skips the test, or all tests of the suite when called in its `before`; the reason stands behind its title, which is all that a run of
 * several processes hands on. Only for a tool that a developer's machine may lack; a run with CI=true counts a skipped test as failed.
 */
export function skip(context: Context, reason: string): never {
  const skipped = skippedBy(context)
  if (skipped) skipped.title += ` — ${reason}`
  context.skip()
}

/** What `context.skip()` will skip: within the hooks, mocha's current test is the first one even before all. */
function skippedBy(context: Context): Runnable | Suite | undefined {
  const runnable = context.runnable()
  if (runnable.title.startsWith('"before all"')) return runnable.parent
  return context.currentTest ?? runnable
}
