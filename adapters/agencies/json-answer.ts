import type { DoorAnswer, DoorRequest, IntakeResult } from './dialect.ts'

const statuses = { accepted: 202, repeat: 200 } as const
const headers = { 'content-type': 'application/json; charset=utf-8' }

/** Answers a native submit of one message: 202 new, 200 repeated, else the refusal with its signed receipt. */
export function answerJson(results: readonly IntakeResult[], _request: DoorRequest): DoorAnswer {
  const [result] = results
  if (result === undefined) return { status: 400, headers, body: '{}' }
  if (result.kind === 'refused')
    return {
      status: result.status,
      headers,
      body: JSON.stringify({ ...result.error, receipt: result.receipt }),
    }
  const { id, state, receipt } = result
  const location = { location: `/v1/messages/${id}` }
  return {
    status: statuses[result.kind],
    headers: { ...headers, ...location },
    body: JSON.stringify({ id, state, receipt }),
  }
}
