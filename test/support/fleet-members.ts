import { setTimeout as sleep } from 'node:timers/promises'
import { startGateway, type GatewayProcess, type LogLine } from '../../sandbox/gateway.ts'
import { freePorts } from '../../sandbox/ports.ts'
import { hold } from './leaks.ts'

/** One process of a fleet; it keeps its role and port over restarts. */
export interface Member {
  readonly role: 'api' | 'worker'
  /** Of its door; a worker's answers health and figures only. */
  readonly url: string
  /** Of the process that runs now; 0 while none does. */
  pid(): number
  /** What it has logged, over all its starts. */
  readonly log: readonly LogLine[]
  start(): Promise<void>
  /** SIGTERM, and SIGKILL after 20 s. Its exit code; null where it had to be killed. */
  terminate(): Promise<number | null>
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>
}

export interface Members {
  readonly apis: readonly Member[]
  readonly workers: readonly Member[]
}

type Env = Readonly<Record<string, string>>

const graceMs = 20_000

/** Starts so many processes of each role, lends them, kills what still runs. */
export async function withMembers(
  counts: { readonly apis: number; readonly workers: number },
  env: Env,
  use: (members: Members) => Promise<void>,
): Promise<void> {
  const ports = await freePorts(counts.apis + counts.workers)
  const apis = ports.slice(0, counts.apis).map((port) => createMember('api', env, port))
  const workers = ports.slice(counts.apis).map((port) => createMember('worker', env, port))
  const all = [...apis, ...workers]
  try {
    await Promise.all(all.map((member) => member.start()))
    await use({ apis, workers })
  } finally {
    await Promise.all(all.map((member) => member.kill()))
  }
}

function createMember(role: Member['role'], env: Env, port: number): Member {
  const log: LogLine[] = []
  let running: GatewayProcess | undefined
  let release = (): unknown => undefined

  async function ended({ exit }: GatewayProcess): Promise<number | null> {
    const code = await exit
    running = undefined
    release()
    return code
  }

  return {
    role,
    url: `http://127.0.0.1:${port}`,
    pid: () => running?.pid ?? 0,
    log,
    async start() {
      const onLine = (line: LogLine) => void log.push(line)
      const door = { PORT: String(port), HEALTH_PORT: String(port) }
      const begun = await startGateway({ role, env: { ...env, ...door }, onLine })
      release = hold(`a gateway process (${role})`, () => begun.kill())
      running = begun
    },
    async terminate() {
      if (running === undefined) return null
      const over = new AbortController()
      void sleep(graceMs, running, { signal: over.signal }).then(
        (late) => late.kill(),
        () => undefined,
      )
      process.kill(running.pid, 'SIGTERM')
      const code = await ended(running)
      over.abort()
      return code
    },
    async kill() {
      if (running === undefined) return
      running.kill()
      await ended(running)
    },
  }
}
