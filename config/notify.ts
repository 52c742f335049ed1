import { createLogNotifier } from '../adapters/notify/log.ts'
import type { Notifier } from '../adapters/notify/notifier.ts'
import { createWebhookNotifier } from '../adapters/notify/webhook.ts'
import type { HttpTransport } from '../adapters/transport/http.ts'
import { isWebhookSecret } from '../signing/webhook.ts'
import type { Env } from './env.ts'
import type { Log } from './log.ts'

/** The operator names this address, and it is most often inside. */
const anywhere = ['0.0.0.0/0', '::/0']

/** Every way to reach people that the environment names: the log always. Throws an Error where a secret is missing. */
export function createNotifiers(
  { ALERT_URL: url, ALERT_SECRET: secret = '' }: Env,
  transport: Pick<HttpTransport, 'to'>,
  log: Log,
): Notifier {
  if (url !== undefined && !isWebhookSecret(secret))
    throw new Error('cannot start: ALERT_URL needs ALERT_SECRET, whsec_ and base64 of 24 to 64 bytes')
  const byWebhook =
    url === undefined ? [] : [createWebhookNotifier({ url, secret, transport: transport.to(anywhere), log })]
  const all = [createLogNotifier(log), ...byWebhook]
  return {
    tell: (alert) => all.forEach((notifier) => notifier.tell(alert)),
    close: async () => {
      await Promise.all(all.map((notifier) => notifier.close()))
    },
  }
}
