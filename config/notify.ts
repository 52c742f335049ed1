import type { Transport } from '../adapters/agencies/dialect.ts'
import { createEmailNotifier } from '../adapters/notify/email.ts'
import { createLogNotifier } from '../adapters/notify/log.ts'
import type { Notifier } from '../adapters/notify/notifier.ts'
import { createWebhookNotifier } from '../adapters/notify/webhook.ts'
import type { HttpTransport } from '../adapters/transport/http.ts'
import { isWebhookSecret } from '../signing/webhook.ts'
import type { Env } from './env.ts'
import type { Log } from './log.ts'

/** The operator names this address, and it is most often inside. */
const anywhere = ['0.0.0.0/0', '::/0']

/** Every way to reach people that the environment names: the log always. Throws an Error where what a way needs is missing. */
export function createNotifiers(env: Env, transport: Pick<HttpTransport, 'to'>, log: Log): Notifier {
  const deps = { transport: transport.to(anywhere), log }
  const all = [createLogNotifier(log), ...byWebhook(env, deps), ...byEmail(env, deps)]
  return {
    tell: (alert) => all.forEach((notifier) => notifier.tell(alert)),
    close: async () => {
      await Promise.all(all.map((notifier) => notifier.close()))
    },
  }
}

interface Deps {
  readonly transport: Transport
  readonly log: Log
}

function byWebhook({ ALERT_URL: url, ALERT_SECRET: secret = '' }: Env, deps: Deps): readonly Notifier[] {
  if (url === undefined) return []
  if (!isWebhookSecret(secret))
    throw new Error('cannot start: ALERT_URL needs ALERT_SECRET, whsec_ and base64 of 24 to 64 bytes')
  return [createWebhookNotifier({ url, secret, ...deps })]
}

function byEmail({ SMTP_URL: url, ALERT_FROM: from }: Env, deps: Deps): readonly Notifier[] {
  if (url === undefined) return []
  if (from === undefined)
    throw new Error('cannot start: SMTP_URL needs ALERT_FROM, the address that alerts come from')
  return [createEmailNotifier({ url, from, ...deps })]
}
