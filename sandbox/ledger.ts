import type { LogLine } from './gateway.ts'
import type { CatalogRead, Received, Report, Sent } from './orders.ts'

/** What is known of the traffic so far: what was sent, what the gateway delivered, what the bodies received. */
export interface Ledger {
  report(code: string, report: Report): void
  /** Takes an `attempt` line of the gateway's log. */
  attempt(line: LogLine): void
  sentOf(sample: string): Sent | undefined
  /** What a body has read of a public catalogue. */
  catalogOf(catalog: string): CatalogRead | undefined
  /** Whether a delivery has come to its end. */
  isEnded(messageId: string, recipient: string): boolean
  readonly received: readonly (Received & { readonly body: string })[]
  /** What bodies could not open, and what could not be sent at all: each a fault. */
  readonly troubles: readonly Trouble[]
  /** Resolves true as soon as `condition` holds, false when the time is over. */
  until(condition: () => boolean, timeoutMs: number): Promise<boolean>
}

export interface Trouble {
  readonly kind: 'unreadable' | 'failed'
  readonly text: string
}

const retried = 'due'

export function createLedger(): Ledger {
  const sent = new Map<string, Sent>()
  const ended = new Set<string>()
  const received: (Received & { readonly body: string })[] = []
  const troubles: Trouble[] = []
  const catalogs = new Map<string, CatalogRead>()
  const waiting = new Set<() => void>()
  const changed = () => waiting.forEach((look) => look())

  return {
    received,
    troubles,
    sentOf: (sample) => sent.get(sample),
    catalogOf: (catalog) => catalogs.get(catalog),
    isEnded: (messageId, recipient) => ended.has(`${messageId}/${recipient}`),
    report(code, report) {
      if (report.say === 'sent') sent.set(report.sample, report)
      if (report.say === 'received') received.push({ ...report, body: code })
      if (report.say === 'failed') troubles.push({ kind: 'failed', text: `${report.what}: ${report.reason}` })
      if (report.say === 'unreadable')
        troubles.push({ kind: 'unreadable', text: `${code}, ${report.deliveryId}: ${report.reason}` })
      if (report.say === 'catalog') catalogs.set(report.catalog, report)
      changed()
    },
    attempt(line) {
      if (line['state'] !== retried) ended.add(`${String(line['messageId'])}/${String(line['recipient'])}`)
      changed()
    },
    until(condition, timeoutMs) {
      return new Promise((resolve) => {
        const finish = (held: boolean) => {
          clearTimeout(timer)
          waiting.delete(look)
          resolve(held)
        }
        const look = () => {
          if (condition()) finish(true)
        }
        const timer = setTimeout(() => finish(false), timeoutMs)
        waiting.add(look)
        look()
      })
    },
  }
}
