import { fileURLToPath } from 'node:url'
import { withProcess } from '../../support/processes.ts'

const bin = fileURLToPath(new URL('../../../config/lienthong.mjs', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** What a machine that runs the tests may have set, and a command must not read. */
const nothing = Object.fromEntries(
  ['URL', 'KEY', 'KEY_FILE', 'CREDENTIALS', 'ROOTS', 'PASSPHRASE'].map((name) => [
    `LIENTHONG_${name}`,
    undefined,
  ]),
)

/** Runs the command as a user does, and waits for its end. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
  cwd?: string,
): Promise<Ran> {
  const options = { env: { ...nothing, ...env }, ...(cwd === undefined ? {} : { cwd }) }
  return withProcess(process.execPath, [bin, ...args], options, async ({ exit, stdout, stderr }) => {
    const { code } = await exit
    return { code, out: stdout.join('\n'), err: stderr.join('\n') }
  })
}

/** A child is a whole Node with tsx: seconds, on a busy machine. */
export const unhurried = 120_000
