import type { Alert } from '../../schemas/alert.ts'
import { signWebhook } from '../../signing/webhook.ts'
import type { Transport } from '../agencies/dialect.ts'
import type { Notifier } from './notifier.ts'
import { createQueue, type QueueDeps } from './queue.ts'

export interface WebhookNotifierDeps extends QueueDeps {
  readonly url: string
  /** `whsec_…` */
  readonly secret: string
  readonly transport: Transport
}

const call = { timeoutMs: 10_000, maxAnswerBytes: 1_024 } as const

/** Posts each alert as JSON with the headers of Standard Webhooks. */
export function createWebhookNotifier(deps: WebhookNotifierDeps): Notifier {
  return createQueue((alert, id) => post(deps, id, alert), deps)
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
