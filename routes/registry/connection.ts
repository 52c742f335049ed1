import { z } from 'zod'
import type { Administration } from '../../workers/registry/index.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import { ByCode } from './shapes.ts'

const Tested = z
  .object({
    ok: z.boolean(),
    status: z.int().nullable(),
    certificateValidTo: z.int().nullable(),
    code: z.string().nullable(),
    reason: z.string().nullable(),
    advice: z.object({ vi: z.string(), en: z.string() }),
  })
  .meta({ id: 'ConnectionTest' })

/** A look at a body's address. */
export function connectionEndpoints({ testConnection }: Administration): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path: '/admin/v1/agencies/:code/test',
      tag: 'agencies',
      summary: {
        vi: 'Thử đường kết nối tới cơ quan mà không gửi thông điệp',
        en: 'Try the connection to a body without sending a message',
      },
      access: ['admin', 'operator', 'agency-admin'],
      params: ByCode,
      answer: Tested,
      handle: ({ caller, params }) => testConnection(caller, params.code),
    }),
  ]
}
