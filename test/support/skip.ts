import type { Context, Runnable, Suite } from 'mocha'

type Explained = (Runnable | Suite) & { skipReason?: string }

/**
 * Skips the test, or all tests of the suite when called in its `before`, and tells the reporter why.
 * Only for a tool that a developer's machine may lack; a run with CI=true counts a skipped test as failed.
 */
export function skip(context: Context, reason: string): never {
  const explained: Explained | undefined = skippedBy(context)
  if (explained) explained.skipReason = reason
  context.skip()
}

/** What `context.skip()` will skip: within the hooks, mocha's current test is the first one even before all. */
function skippedBy(context: Context): Runnable | Suite | undefined {
  const runnable = context.runnable()
  if (runnable.title.startsWith('"before all"')) return runnable.parent
  return context.currentTest ?? runnable
}

/** Why a pending test was skipped, if it was said. */
export function skipReasonOf(test: Runnable): string | undefined {
  for (let at: Explained | undefined = test; at; at = at.parent)
    if (at.skipReason !== undefined) return at.skipReason
  return undefined
}
