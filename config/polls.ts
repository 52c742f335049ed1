import { dialects } from '../adapters/agencies/index.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Alerts } from '../workers/alerts.ts'
import { breakerThreshold } from '../workers/clocks.ts'
import { createPolls, type Polls, type PollsDeps } from '../workers/polls.ts'
import { describe } from './log.ts'
import type { Parts } from './parts.ts'

type Steps = Omit<PollsDeps, 'dialects' | 'report' | 'reportFault'>

/** Joins what asks partners for the messages that they hold. A partner that stays away is told of once it is no passing fault. */
export function wirePolls({ log }: Parts, alerts: Pick<Alerts, 'raise'>, steps: Steps): Polls {
  return createPolls({
    ...steps,
    dialects,
    report(line) {
      const isIdle = line.listed === 0 && line.failures === 0
      log(isIdle ? 'debug' : 'info', 'poll', { ...line })
      if (line.failures === breakerThreshold)
        alerts.raise({ kind: 'breaker', agency: line.agency, code: 'poll_failed', deliveryId: null })
    },
    reportFault({ agency, waiting, error }) {
      const isOurs = !(error instanceof GatewayError)
      log(isOurs ? 'error' : 'info', 'poll failed', { agency, waiting, ...describe(error) })
    },
  })
}
