import Mocha from 'mocha'

const stillOpenAfterMs = 10_000

/**
 * mocha's spec reporter, then what was skipped and why, then `N passed, N failed` alone on the last line.
 * Failed counts also the checks before mocha (`FAILED_CHECKS`, names parted by commas), a skipped test when CI=true, and a
 * process that something keeps alive after the last test.
 */
function report(runner: Mocha.Runner, options: Mocha.MochaOptions) {
  const spec = new Mocha.reporters.Spec(runner, options)
  const passed = () => spec.stats.passes
  let failed = 0
  const skipped: string[] = []
  runner.on('pending', (test) => skipped.push(test.fullTitle()))

  const done = (failures: number, end?: (failures: number) => void) => {
    const checks = failedChecks()
    const forbidden = process.env['CI'] === 'true' ? skipped.length : 0
    failed = failures + checks.length + forbidden
    if (skipped.length > 0) console.log(listing(`SKIPPED: ${skipped.length} tests did not run`, skipped))
    if (forbidden > 0) console.log('  With CI=true a skipped test counts as failed.\n')
    if (checks.length > 0) console.log(listing('FAILED before the tests (see above)', checks))
    console.log(summary(passed(), failed, skipped.length - forbidden))
    end?.(failed)
    failWhenKeptAlive(() => summary(passed(), failed + 1, skipped.length - forbidden))
  }
  return { done }
}

function failedChecks(): readonly string[] {
  return (process.env['FAILED_CHECKS'] ?? '').split(',').filter((name) => name !== '')
}

function listing(heading: string, lines: readonly string[]): string {
  return [`  ${heading}:`, ...lines.map((line) => `    - ${line}`), ''].join('\n')
}

function summary(passed: number, failed: number, skipped: number): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

/** Without --exit a forgotten server would hang the run for ever; the timer itself keeps nothing alive. */
function failWhenKeptAlive(lastLine: () => string): void {
  setTimeout(() => {
    console.log(listing('STILL OPEN after the last test', process.getActiveResourcesInfo()))
    console.log(lastLine())
    process.on('exit', () => (process.exitCode = 1)) // after mocha's own listener, which sets its own code
    process.exit()
  }, stillOpenAfterMs).unref()
}

// mocha takes a reporter only as the default export.
export default report
