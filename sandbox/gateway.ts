import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Readable } from 'node:stream'
import { programOf } from './program.ts'

/** A line of the gateway's log: one JSON object. */
export type LogLine = Readonly<Record<string, unknown>>

export interface GatewayStart {
  /** Added to this process's environment: `Sandbox.env`, with what is to be different. */
  readonly env: Readonly<Record<string, string>>
  readonly role?: 'all' | 'api' | 'worker'
  /** File that its whole output is added to. */
  readonly log?: string
  readonly onLine?: (line: LogLine) => void
}

export interface GatewayProcess {
  readonly pid: number
  /** Where it listens; 0 for a role that opens no door. */
  readonly port: number
  /** Asks it to end (SIGTERM), kills it when it takes too long, and waits for its end. */
  stop(): Promise<number | null>
  /** SIGKILL, at once. */
  kill(): void
  /** Its exit code; null when a signal ended it. */
  readonly exit: Promise<number | null>
}

type Child = ChildProcessByStdio<null, Readable, Readable>

const root = fileURLToPath(new URL('../', import.meta.url))
const startMs = 60_000
const stopMs = 25_000
const keptErrors = 20

/**
 * Starts a gateway as a process of its own and waits until it says that it listens. Rejects, with the last lines of its errors,
 * when it ends before or takes longer than a minute; nothing is left behind then.
 */
export async function startGateway(start: GatewayStart): Promise<GatewayProcess> {
  const child = spawnPrivately(start)
  const exit = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code))
  })
  const port = await listening(child, start, exit)
  return {
    pid: child.pid ?? 0,
    port,
    exit,
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
      const code = await exit
      clearTimeout(timer)
      return code
    },
  }
}

/** What the gateway writes, its database above all, is for its owner's eyes only. */
function spawnPrivately(start: GatewayStart): Child {
  const before = process.umask(0o077)
  try {
    return spawn(process.execPath, [...programOf('main'), `--role=${start.role ?? 'all'}`], {
      cwd: root,
      env: { ...process.env, ...start.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  } finally {
    process.umask(before)
  }
}

function listening(
  child: Child,
  { log, onLine }: GatewayStart,
  exit: Promise<number | null>,
): Promise<number> {
  const file = log === undefined ? null : createWriteStream(log, { flags: 'a', mode: 0o600 })
  const errors: string[] = []
  read(child.stderr, file, (text) => {
    errors.push(text)
    if (errors.length > keptErrors) errors.shift()
  })
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`the gateway was not ready within ${startMs / 1000} s`))
    }, startMs)
    read(child.stdout, file, (text) => {
      const line = parse(text)
      if (line === null) return
      if (line['message'] === 'listening') {
        clearTimeout(timer)
        resolve(Number(line['port'] ?? 0))
      }
      onLine?.(line)
    })
    child.once('error', reject)
    void exit.then((code) => {
      clearTimeout(timer)
      file?.end()
      reject(new Error(`the gateway ended (${code ?? 'signal'}) ${errors.join('\n')}`.trim()))
    })
  })
}

function read(stream: Readable, file: WriteStream | null, use: (text: string) => void): void {
  createInterface({ input: stream }).on('line', (text) => {
    file?.write(`${text}\n`)
    use(text)
  })
}

function parse(text: string): LogLine | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' ? (value as LogLine | null) : null // winston writes objects
  } catch {
    return null
  }
}
