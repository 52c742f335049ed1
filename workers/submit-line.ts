import type { IntakeResult } from '../adapters/agencies/dialect.ts'
import type { Caller } from '../schemas/agency.ts'

/** What is known of one submit, for the log and the metrics: ids and states, never content. */
export interface SubmitLine {
  readonly caller: string | null
  readonly outcome: IntakeResult['kind']
  readonly messageId: string
  readonly sender: string
  readonly senderRef: string
  readonly action: string
  readonly code: string | null
  readonly field: string | null
  readonly reason: string | null
  readonly detailId: string | null
}

/** The wide line of a submit that was answered. */
export function submitLineOf(caller: Caller, result: IntakeResult): SubmitLine {
  const error = result.kind === 'refused' ? result.error : null
  const statement = result.receipt?.receipt
  return {
    caller: caller.agency,
    outcome: result.kind,
    messageId: result.kind === 'refused' ? '' : result.id,
    sender: statement?.sender ?? '',
    senderRef: statement?.senderRef ?? '',
    action: statement?.action ?? '',
    code: error?.code ?? null,
    field: error?.field ?? null,
    reason: error?.reason ?? null,
    detailId: error?.detailId ?? null,
  }
}
