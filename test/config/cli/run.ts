import { resolve } from 'node:path'
import { programOf } from '../../../sandbox/program.ts'
import { withProcess } from '../../support/processes.ts'

/** As `npx lienthong` starts it from a clone, or as it is built. */
const [program = ''] = programOf('cli/main').slice(-1)
const bin = resolve(program.endsWith('.ts') ? 'config/lienthong.mjs' : program)

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
