import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Backlog } from '../adapters/store/ports/traffic.ts'
import type { AttemptLine } from '../workers/attempt-line.ts'
import type { SubmitLine } from '../workers/submit-line.ts'

export interface Metrics {
  submit(line: SubmitLine): void
  attempt(line: AttemptLine): void
  alert(state: string): void
  render(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** Figures for Prometheus. Labels are actions, codes of bodies and outcomes: bounded by tables and registry. */
export function createMetrics(deps: {
  readonly counts: () => Promise<Readonly<Record<string, number>>>
  readonly brokerState: () => string
  /** Recipients for which something is due. */
  readonly backlogs: () => Promise<readonly Backlog[]>
  readonly now: () => number
}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const submits = new Counter({
    name: 'lt_submits_total',
    help: 'Messages handed in',
    labelNames: ['action', 'outcome', 'code'],
    registers,
  })
  const attempts = new Counter({
    name: 'lt_attempts_total',
    help: 'Attempts to deliver',
    labelNames: ['recipient', 'outcome', 'state'],
    registers,
  })
  const duration = new Histogram({
    name: 'lt_attempt_seconds',
    help: 'Time of one attempt',
    labelNames: ['recipient'],
    registers,
  })
  const latency = new Histogram({
    name: 'lt_delivery_seconds',
    help: 'From acceptance to a settled delivery',
    labelNames: ['action'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600, 3600, 86400],
    registers,
  })
  const alerts = new Counter({
    name: 'lt_alerts_total',
    help: 'Deliveries that need a person',
    labelNames: ['state'],
    registers,
  })
  const states = new Gauge({
    name: 'lt_deliveries',
    help: 'Deliveries by state',
    labelNames: ['state'],
    registers,
  })
  const backlog = new Gauge({
    name: 'lt_backlog_seconds',
    help: 'Age of the oldest delivery that is due, of recipients that have one',
    labelNames: ['recipient'],
    registers,
  })
  const broker = new Gauge({ name: 'lt_broker_up', help: '1 while the broker takes tickets', registers })
  return {
    submit: ({ action, outcome, code }) => submits.inc({ action, outcome, code: code ?? '' }),
    attempt(line) {
      attempts.inc({ recipient: line.recipient, outcome: line.outcome, state: line.state })
      duration.observe({ recipient: line.recipient }, line.durationMs / 1000)
      if (line.recorded && line.state !== 'due')
        latency.observe({ action: line.action }, line.sinceAcceptedMs / 1000)
    },
    alert: (state) => alerts.inc({ state }),
    async render() {
      const counts = await deps.counts()
      states.reset() // a state that nothing is in any more is not counted as it was
      for (const [state, count] of Object.entries(counts)) states.set({ state }, count)
      backlog.reset()
      for (const { agency, oldestAt } of await deps.backlogs())
        backlog.set({ recipient: agency }, Math.max(0, deps.now() - oldestAt) / 1000)
      broker.set(deps.brokerState() === 'up' ? 1 : 0)
      return { contentType: registry.contentType, text: await registry.metrics() }
    },
  }
}
