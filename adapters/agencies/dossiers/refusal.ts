import { answerOf, type ErrorAnswer, type GatewayError } from '../../../schemas/errors.ts'
import type { IntakeResult, Trusted } from '../dialect.ts'
import { nameOf } from './pushes.ts'

/** What was refused, with the thing that it is about: a MaHoSo, a HOIDAPID, or nothing. */
export interface Refusal {
  readonly status: number
  readonly error: ErrorAnswer
  readonly thing: string
}

/** All or nothing: the first message at fault speaks for its batch. */
export function refusalIn(
  { results, refusedAt }: { readonly results: readonly IntakeResult[]; readonly refusedAt: number | null },
  contents: readonly Trusted[],
): Refusal | null {
  const at = results.findIndex(({ kind }) => kind === 'refused')
  const refused = results[at]
  if (refused?.kind !== 'refused') return null
  const content = contents[refusedAt ?? at]
  return { status: refused.status, error: refused.error, thing: content === undefined ? '' : nameOf(content) }
}

/** What a door says of a fault. Of a session or a key nothing more than that it is none. */
export function refusalBy(error: GatewayError): Refusal {
  const answer = answerOf(error)
  const reason = error.code === 'unauthenticated' ? null : (error.reason ?? null)
  return { status: error.row.status, error: { ...answer, reason }, thing: '' }
}
