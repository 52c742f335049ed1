import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { programOf } from '../../sandbox/program.ts'

type Env = Readonly<Record<string, string>>

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Prepares the database as an operator does before several processes start on it, registry included. Answers the environment for
 * those: without the registry's file, since each import replaces the registry.
 */
export async function migrate({ REGISTRY_FILE = '', ...env }: Env): Promise<Env> {
  await run(process.execPath, [...programOf('main'), '--role=migrate'], {
    cwd: root,
    env: { ...process.env, ...env, REGISTRY_FILE },
  })
  return env
}
