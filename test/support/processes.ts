import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ChildProcess, ChildProcessByStdio } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { hold, holdFolder } from './leaks.ts'

type Child = ChildProcessByStdio<null, Readable, Readable>

export interface ProcessOptions {
  readonly cwd?: string
  /** Added to this process's own environment; `undefined` takes a name away. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A child process that is lent to a test. */
export interface LentProcess {
  readonly pid: number
  /** Whole lines so far. */
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  /** The first line of either stream that matches, also one already seen. Rejects at the time limit or when the process ends. */
  waitForLine(pattern: RegExp, timeoutMs: number): Promise<string>
  /** Signals this process only, not its children. */
  kill(signal: NodeJS.Signals): void
  /** Resolves when the process has ended and its output is read to the end. */
  readonly exit: Promise<ProcessEnd>
}

/** Starts a command without a shell, lends it, and in the end kills it with all its children. Rejects when it cannot be started. */
export async function withProcess<T>(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
  use: (lent: LentProcess) => Promise<T>,
): Promise<T> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own group, so that its children can be killed with it
  })
  await once(child, 'spawn')
  const release = hold(`process ${[command, ...args].join(' ')}`, () => killGroup(child))
  const lent = lend(child)
  try {
    return await use(lent)
  } finally {
    killGroup(child)
    await lent.exit
    release()
  }
}

/** Makes a folder, lends it, removes it. */
export async function withTempDir<T>(use: (path: string) => Promise<T>): Promise<T> {
  const path = await mkdtemp(join(tmpdir(), 'lien-thong-'))
  const release = holdFolder(path)
  try {
    return await use(path)
  } finally {
    await rm(path, { recursive: true, force: true, maxRetries: 3 })
    release()
  }
}

/** A TCP port on 127.0.0.1 that nothing listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

interface Output {
  readonly stdout: string[]
  readonly stderr: string[]
  readonly watchers: Set<(line: string) => void>
  readonly exit: Promise<ProcessEnd>
}

function lend(child: Child): LentProcess {
  const output = collect(child)
  const { stdout, stderr, exit } = output
  return {
    pid: pidOf(child),
    stdout,
    stderr,
    exit,
    waitForLine: async (pattern, timeoutMs) =>
      [...stdout, ...stderr].find((line) => pattern.test(line)) ??
      (await nextLine(output, pattern, timeoutMs)),
    kill: (signal) => void child.kill(signal),
  }
}

function collect(child: Child): Output {
  const watchers: Output['watchers'] = new Set()
  const read = (stream: Readable) => {
    const lines: string[] = []
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      for (const watch of watchers) watch(line)
    })
    return lines
  }
  const exit = new Promise<ProcessEnd>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  return { stdout: read(child.stdout), stderr: read(child.stderr), watchers, exit }
}

async function nextLine(output: Output, pattern: RegExp, timeoutMs: number): Promise<string> {
  const { stdout, stderr, watchers, exit } = output
  const { promise, resolve, reject } = withResolvers<string>()
  const fail = (reason: string) =>
    reject(new Error(`${reason}; no line matched ${String(pattern)}:\n${[...stdout, ...stderr].join('\n')}`))
  const watch = (line: string) => {
    if (pattern.test(line)) resolve(line)
  }
  const timer = setTimeout(() => fail(`${timeoutMs} ms are over`), timeoutMs)
  watchers.add(watch)
  void exit.then(({ code, signal }) => fail(`the process ended (${String(signal ?? code)})`))
  try {
    return await promise
  } finally {
    watchers.delete(watch)
    clearTimeout(timer)
  }
}

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<T>() {
  let resolve!: (value: T) => void
  let reject!: (cause: Error) => void
  const promise = new Promise<T>((settle, fail) => {
    resolve = settle
    reject = fail
  })
  return { promise, resolve, reject }
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('the process did not start')
  return child.pid
}

function killGroup(child: ChildProcess): void {
  try {
    process.kill(-pidOf(child), 'SIGKILL')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ESRCH') throw cause
  }
}
