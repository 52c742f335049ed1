import { z } from 'zod'
import type { ReportOutcome } from '../workers/outcome.ts'
import { endpoint, type Endpoint } from './endpoint.ts'

export interface OutcomeRoutesDeps {
  readonly reportOutcome: ReportOutcome
}

const printable = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^\P{Cc}*$/u, 'not printable')

const Report = z.strictObject({
  outcome: z.enum(['processed', 'refused']),
  /** The recipient's own code of a refusal. */
  code: printable(64).min(1).optional(),
  reason: printable(500).optional(),
})

/** The door at which a recipient says what became of a delivery that it has taken. */
export function outcomeEndpoints({ reportOutcome }: OutcomeRoutesDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/v1/deliveries/:id/outcome',
      tag: 'deliveries',
      summary: {
        vi: 'Bên nhận báo kết quả xử lý sau khi đã nhận: đã xử lý hoặc từ chối',
        en: 'The recipient says later what became of a delivery: processed or refused',
      },
      access: ['agency'],
      params: z.object({ id: z.uuid() }),
      body: Report,
      answer: z.object({ state: z.enum(['processed', 'refused']) }),
      errors: ['not_found', 'not_delivered', 'already_settled'],
      handle: ({ caller, params, body }) => reportOutcome(caller, params.id.toLowerCase(), body),
    }),
  ]
}
