import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Order, Report } from './orders.ts'

/** A party's process as the sandbox holds it. */
export interface PartyProcess {
  readonly code: string
  tell(order: Order): void
  stop(): Promise<void>
  /** Its exit code; null when a signal ended it. */
  readonly exit: Promise<number | null>
}

const stopMs = 5_000
const script = fileURLToPath(new URL('party.ts', import.meta.url))
const root = fileURLToPath(new URL('../', import.meta.url))

/** Starts the process of a party and waits until it is ready to receive. Rejects when it ends before. */
export async function startParty(
  { code, dir }: { readonly code: string; readonly dir: string },
  onReport: (code: string, report: Report) => void,
): Promise<PartyProcess> {
  const child = fork(script, [code, dir], {
    cwd: root,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const exit = new Promise<number | null>((resolve) => {
    child.once('exit', (status) => resolve(status))
  })
  await ready({ code, child, exit, onReport })
  return { code, exit, tell: (order) => void child.send(order), stop: () => stop(child, exit) }
}

interface Starting {
  readonly code: string
  readonly child: ChildProcess
  readonly exit: Promise<number | null>
  readonly onReport: (code: string, report: Report) => void
}

function ready({ code, child, exit, onReport }: Starting): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const report = message as Report // the party's own table of reports
      if (report.say === 'ready') resolve()
      else onReport(code, report)
    })
    child.once('error', reject)
    void exit.then((status) => reject(new Error(`${code} ended before it was ready (${status ?? 'signal'})`)))
  })
}

async function stop(child: ChildProcess, exit: Promise<number | null>): Promise<void> {
  if (child.connected) child.send({ do: 'stop' } satisfies Order)
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await exit
  clearTimeout(timer)
}
