import type { Alerts } from '../workers/alerts.ts'
import type { AttemptLine } from '../workers/attempt-line.ts'
import { createWatch } from '../workers/watch.ts'
import { createFailpoint } from './failpoint.ts'
import { askAfterSeconds, isPushed, isRepeatable, knownDialect } from './known-dialects.ts'
import type { Parts } from './parts.ts'

/** What most steps ask for. */
export function commonDeps(parts: Parts, owner: string, alerts: Alerts) {
  const { env, keys, store, blobs, registry, log, metrics, now } = parts
  const directory = () => registry.current()
  return {
    store,
    blobs,
    directory,
    owner,
    dialectOf: knownDialect,
    isPushed: (code: string) => isPushed(directory(), code),
    isRepeatable: (code: string) => isRepeatable(directory(), code),
    askAfterSeconds: (code: string) => askAfterSeconds(directory(), code),
    issuer: { code: env.GATEWAY_CODE, receiptKey: keys.signing },
    code: env.GATEWAY_CODE,
    publicUrl: env.PUBLIC_URL ?? null,
    sealKey: keys.signing,
    leaseMs: env.LEASE_SECONDS * 1000,
    now,
    watch: createWatch(),
    alerts,
    random: Math.random,
    failpoint: createFailpoint(env.FAILPOINT, env.SANDBOX === '1'),
    report(line: AttemptLine) {
      metrics.attempt(line)
      log('info', 'attempt', { ...line })
      alerts.ofAttempt(line)
    },
    alert(event: {
      readonly state: string
      readonly deliveryId: string
      readonly messageId: string
      readonly recipient: string
    }) {
      metrics.alert(event.state)
      log('error', 'needs a person', event)
      alerts.ofAttempt({ ...event, sender: '', outcome: 'none', code: null })
    },
  }
}
