import { z } from 'zod'
import { MomentShape } from '../../schemas/shapes.ts'
import type { Administration } from '../../workers/registry/index.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { AgencyCode } from './shapes.ts'

const Ask = z.object({
  body: AgencyCode.optional(),
  act: z.string().max(64).optional(),
  object: z.string().max(200).optional(),
  credentialId: z.string().max(100).optional(),
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
  before: z.uuid().optional(),
  max: z.coerce.number().int().min(1).max(500).default(100),
})

const Entry = z
  .object({
    id: z.uuid(),
    at: MomentShape,
    credentialId: z.string(),
    person: z.string().nullable(),
    agency: z.string().nullable(),
    act: z.string(),
    object: z.string(),
    body: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' })

/** Who did what. */
export function auditEndpoints({ listAudit }: Administration): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/v1/audit',
      tag: 'audit',
      summary: {
        vi: 'Ai đã làm gì, mới nhất trước; quản trị viên cơ quan xem phần của mình',
        en: 'Who did what, newest first; an administrator of a body reads its own part',
      },
      access: ['admin', 'auditor', 'agency-admin'],
      query: Ask,
      answer: z.object({ items: z.array(Entry), next: z.uuid().nullable() }),
      errors: ['not_found'],
      handle: ({ caller, query: { max, ...filter } }) =>
        listAudit(caller, { ...empty, ...filter, limit: max }),
    }),
  ]
}

/** Nothing is asked for. */
const empty = {
  body: undefined,
  act: undefined,
  object: undefined,
  credentialId: undefined,
  from: undefined,
  to: undefined,
  before: undefined,
}
