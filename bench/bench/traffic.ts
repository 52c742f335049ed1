import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What the traffic process is to send. Closed loop: a message follows one that has arrived. Open loop: at its time, whatever happened to those before. */
export interface Order {
  readonly url: string
  readonly apiKeys: readonly string[]
  /** A file of `writeCorpus`. */
  readonly corpus: string
  readonly pace:
    | { readonly kind: 'closed'; readonly underWay: number }
    | { readonly kind: 'open'; readonly perSecond: number }
}

/** Times in ms; `startedAt` since 1970. */
export interface Report {
  readonly sent: number
  readonly arrived: number
  readonly refused: number
  /** What the first refusal said. */
  readonly refusal: string
  readonly startedAt: number
  /** From the moment a message was due to be sent until it was with its recipient. */
  readonly arrivalMs: readonly number[]
  /** From the same moment until its sender had the receipt. */
  readonly receiptMs: readonly number[]
}

/** The process that plays senders and recipients: one clock for both ends of a message's way. */
export interface Traffic {
  readonly pid: number
  /** Where it receives. */
  readonly sinkUrl: string
  send(order: Order): Promise<Report>
  stop(): void
}

const program = fileURLToPath(new URL('./traffic-process.ts', import.meta.url))

export async function startTraffic(): Promise<Traffic> {
  const child = fork(program, {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const [port] = (await answerOf(child)) as [number] // it says its port first
  return {
    pid: child.pid ?? 0, // it has spoken, so it has one
    sinkUrl: `http://127.0.0.1:${port}/`,
    async send(order) {
      child.send(order)
      const [report] = (await answerOf(child)) as [Report]
      return report
    },
    stop() {
      process.off('exit', kill)
      kill()
    },
  }
}

/** What it says next. */
async function answerOf(child: ChildProcess): Promise<readonly unknown[]> {
  const waiting = new AbortController()
  const { signal } = waiting
  try {
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new Error('the traffic process has ended')
    })
    const said = once(child, 'message', { signal }) as Promise<readonly unknown[]>
    return await Promise.race([said, ended])
  } finally {
    waiting.abort()
  }
}
