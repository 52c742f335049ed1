import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Alert } from '../../schemas/alert.ts'
import type { Notifier, NotifyLog } from './notifier.ts'

export interface QueueDeps {
  readonly log: NotifyLog
  /** Pauses between the tries of one alert. */
  readonly pausesMs?: readonly number[]
}

const mostWaiting = 100

/**
 * Sends alerts one after the other, each some times under one id until `send` says that it went. Where the other side is away the queue
 * keeps so many and drops the oldest: alerts are summed up, and the log has them all.
 */
export function createQueue(
  send: (alert: Alert, id: string) => Promise<boolean>,
  { log, pausesMs = [1_000, 5_000, 30_000] }: QueueDeps,
): Notifier {
  const waiting: Alert[] = []
  const closing = new AbortController()
  let working: Promise<void> | null = null

  async function deliver(alert: Alert): Promise<void> {
    const id = randomUUID() // the same at each try, so that a repeat is known
    for (const pauseMs of [0, ...pausesMs]) {
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined)
      if (closing.signal.aborted) return
      if (await send(alert, id)) return
    }
    log('warn', 'alert not sent', { kind: alert.kind, agency: alert.agency })
  }

  async function work(): Promise<void> {
    for (let alert = waiting.shift(); alert !== undefined; alert = waiting.shift()) await deliver(alert)
    working = null
  }

  return {
    tell(alert) {
      if (waiting.length >= mostWaiting) waiting.shift()
      waiting.push(alert)
      working ??= work()
    },
    async close() {
      closing.abort()
      waiting.length = 0
      await working
    },
  }
}
