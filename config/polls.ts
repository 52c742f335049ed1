import { dialects } from '../adapters/agencies/index.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Alerts } from '../workers/alerts.ts'
import { breakerThreshold } from '../workers/clocks.ts'
import { createPolls, type Polls, type PollsDeps } from '../workers/polls.ts'
import { describe } from './log.ts'
import type { Parts } from './parts.ts'

type Steps = Omit<PollsDeps, 'dialects' | 'report' | 'reportFault'>

/** Joins what asks partners for the messages that they hold. People are told of a partner that stays away, and of what the registry here keeps from being taken. */
export function wirePolls({ log }: Parts, alerts: Pick<Alerts, 'raise'>, steps: Steps): Polls {
  return createPolls({
    ...steps,
    dialects,
    report(line) {
      const isIdle = line.listed === 0 && line.failures === 0
      log(isIdle ? 'debug' : 'info', 'poll', { ...line })
      const about = { agency: line.agency, deliveryId: null }
      if (line.failures === breakerThreshold) alerts.raise({ ...about, kind: 'breaker', code: 'poll_failed' })
      if (line.left > 0) alerts.raise({ ...about, kind: 'configuration', code: 'poll_left' })
    },
    reportFault({ agency, waiting, error }) {
      const isOurs = !(error instanceof GatewayError)
      log(isOurs ? 'error' : 'info', 'poll failed', { agency, waiting, ...describe(error) })
    },
  })
}
