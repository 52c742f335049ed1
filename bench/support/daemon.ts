import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from './wait.ts'

/** A server of this run's own: started, ended and killed by its process group, never by name. */
export interface Daemon {
  readonly pid: number
  /** Starts it on the data it left and waits until it takes connections; nothing when it runs. */
  start(): Promise<void>
  /** Asks it to end, and kills it when it takes longer than 30 s. */
  stop(): Promise<void>
  /** SIGKILL for the whole group, as a power cut; resolves when it is gone. */
  kill(): Promise<void>
}

export interface DaemonPlan {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Rejects or answers false until the server takes connections. */
  readonly answers: () => Promise<boolean>
}

const startMs = 90_000
const stopMs = 30_000
const keptOutput = 4_000

/** Prepares a server that runs in the foreground; starts nothing. What still runs when this process ends is killed. */
export function createDaemon(plan: DaemonPlan): Daemon {
  let running: Run | null = null
  process.once('exit', () => running?.signal('SIGKILL'))
  const end = async (signal: NodeJS.Signals) => {
    const run = running
    if (run === null) return
    run.signal(signal)
    await Promise.race([run.closed, sleep(stopMs, undefined, { ref: false })])
    run.signal('SIGKILL')
    await run.closed
    running = null
  }
  return {
    get pid() {
      return running?.pid ?? 0
    },
    async start() {
      if (running !== null && !running.ended()) return
      running = await launch(plan)
      await untilItAnswers(plan, running)
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  }
}

interface Run {
  readonly pid: number
  readonly closed: Promise<unknown>
  ended(): boolean
  signal(signal: NodeJS.Signals): void
  output(): string
}

async function launch({ command, args, env }: DaemonPlan): Promise<Run> {
  const child: ChildProcess = spawn(command, [...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own group: scripts, the server, and the server's helpers
  })
  const closed = once(child, 'close')
  await once(child, 'spawn')
  const pid = child.pid ?? 0 // a spawned child has one
  let output = ''
  const keep = (text: Buffer) => (output = (output + text.toString()).slice(-keptOutput))
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const ended = () => child.exitCode !== null || child.signalCode !== null
  const signal = (name: NodeJS.Signals) => {
    if (!ended()) process.kill(-pid, name)
  }
  return { pid, closed, ended, signal, output: () => output }
}

async function untilItAnswers({ name, answers }: DaemonPlan, run: Run): Promise<void> {
  const ready = await until(
    () => {
      if (run.ended()) throw new Error(`${name} did not start:\n${run.output()}`)
      return answers()
    },
    { limitMs: startMs, everyMs: 100 },
  )
  if (ready) return
  run.signal('SIGKILL')
  throw new Error(`${name} takes no connection after ${startMs / 1000} s:\n${run.output()}`)
}

/** Whether the server at a port of this machine says something, after `hello` when the client is to speak first. */
export async function greets(port: number, hello = ''): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    socket.setTimeout(2_000, () => socket.destroy())
    if (hello !== '') socket.write(hello)
    return await new Promise((resolve) => {
      socket.once('data', () => resolve(true))
      socket.once('error', () => resolve(false))
      socket.once('close', () => resolve(false))
    })
  } finally {
    socket.destroy()
  }
}
