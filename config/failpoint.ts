import { failpoints, type Failpoint } from '../workers/failpoint.ts'

/**
 * Reads `<commit point>@<n>`: the n-th time the process passes there it kills itself, as a power cut would. Throws where
 * the point does not exist, or outside the sandbox.
 */
export function createFailpoint(setting: string | undefined, sandbox: boolean): Failpoint {
  if (setting === undefined || setting === '') return () => undefined
  if (!sandbox) throw new Error('cannot start: FAILPOINT is for the sandbox alone')
  const [name = '', count = '1'] = setting.split('@')
  if (!failpoints.some((known) => known === name))
    throw new Error(`cannot start: FAILPOINT ${name} is none of ${failpoints.join(', ')}`)
  let left = Number(count)
  return (passed) => {
    if (passed !== name) return
    left -= 1
    if (left === 0) process.kill(process.pid, 'SIGKILL')
  }
}
