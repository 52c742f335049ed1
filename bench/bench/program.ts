import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A program of Node that says `"message":"listening"` in a line of JSON when it is ready. */
export interface ProgramPlan {
  readonly name: string
  /** What follows `node`. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** File that its output is added to. */
  readonly log: string
}

export interface Program {
  readonly name: string
  readonly pid: number
  /** SIGTERM, SIGKILL after 25 s; resolves when it is gone. */
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const startMs = 60_000
const stopMs = 25_000

/** Starts a program and waits until it is ready. Rejects, with its last errors, when it ends before or takes a minute. */
export async function startProgram({ name, args, env, log }: ProgramPlan): Promise<Program> {
  const child = spawn(process.execPath, [...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const file = createWriteStream(log, { flags: 'a', mode: 0o600 })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-2_000)))
  const exit = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.off('exit', kill)
      file.end()
      resolve()
    })
  })
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      kill()
      reject(new Error(`${name} was not ready within ${startMs / 1000} s`))
    }, startMs)
    createInterface({ input: child.stdout }).on('line', (line) => {
      file.write(`${line}\n`)
      if (!line.includes('"message":"listening"')) return
      clearTimeout(timer)
      resolve()
    })
    void exit.then(() => {
      clearTimeout(timer)
      reject(new Error(`${name} ended: ${errors}`))
    })
  })
  return {
    name,
    pid: child.pid ?? 0, // it has spoken, so it has one
    async stop() {
      child.kill('SIGTERM')
      const timer = setTimeout(kill, stopMs)
      await exit
      clearTimeout(timer)
    },
  }
}
