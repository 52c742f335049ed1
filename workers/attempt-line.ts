import type { Claimed, Ending } from '../adapters/store/store.ts'

/** What is known of one attempt, for the log and the metrics: ids and times, never content. */
export interface AttemptLine {
  readonly messageId: string
  readonly deliveryId: string
  readonly sender: string
  readonly recipient: string
  readonly action: string
  readonly outcome: string
  readonly state: string
  readonly code: string | null
  readonly reason: string | null
  readonly attempt: number
  readonly claims: number
  readonly durationMs: number
  readonly sinceAcceptedMs: number
  readonly recorded: boolean
}

/** The wide line of an attempt that has ended. `recorded` false: another holder has the delivery now. */
export function lineOf(claimed: Claimed, ending: Ending, recorded: boolean): AttemptLine {
  const { message } = claimed
  return {
    messageId: message.id,
    deliveryId: claimed.deliveryId,
    sender: message.sender,
    recipient: claimed.recipient,
    action: message.action,
    outcome: ending.attempt?.outcome ?? '',
    state: ending.state,
    code: ending.attempt?.code ?? null,
    reason: ending.attempt?.reason ?? null,
    attempt: claimed.attempts + 1,
    claims: claimed.claims,
    durationMs: ending.attempt?.durationMs ?? 0,
    sinceAcceptedMs: (ending.attempt?.at ?? 0) + (ending.attempt?.durationMs ?? 0) - message.receivedAt,
    recorded,
  }
}
