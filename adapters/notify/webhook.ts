import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Alert } from '../../schemas/alert.ts'
import { signWebhook } from '../../signing/webhook.ts'
import type { Transport } from '../agencies/dialect.ts'
import type { Notifier, NotifyLog } from './notifier.ts'

export interface WebhookNotifierDeps {
  readonly url: string
  /** `whsec_…` */
  readonly secret: string
  readonly transport: Transport
  readonly log: NotifyLog
  /** Pauses between the tries of one alert. */
  readonly pausesMs?: readonly number[]
}

const mostWaiting = 100
const call = { timeoutMs: 10_000, maxAnswerBytes: 1_024 } as const

/**
 * Posts each alert as JSON with the headers of Standard Webhooks, one after the other. Where the other side is away the queue keeps so
 * many and drops the oldest: alerts are summed up, and the log has them all.
 */
export function createWebhookNotifier(deps: WebhookNotifierDeps): Notifier {
  const { log, pausesMs = [1_000, 5_000, 30_000] } = deps
  const waiting: Alert[] = []
  const closing = new AbortController()
  let working: Promise<void> | null = null

  async function deliver(alert: Alert): Promise<void> {
    const id = randomUUID() // the same at each try, so that a repeat is known
    for (const pauseMs of [0, ...pausesMs]) {
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined)
      if (closing.signal.aborted) return
      if (await post(deps, id, alert)) return
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

async function post(
  { url, secret, transport }: WebhookNotifierDeps,
  id: string,
  alert: Alert,
): Promise<boolean> {
  const timestamp = Math.floor(Date.now() / 1000)
  const body = Buffer.from(JSON.stringify({ type: 'alert', timestamp: new Date(alert.at), data: alert }))
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signWebhook({ id, timestamp, body }, [secret]),
  }
  const answer = await transport.post({ url, headers, body, ...call })
  return 'status' in answer && answer.status >= 200 && answer.status < 300
}
