import { z } from 'zod'
import type { Secrets } from '../workers/secrets.ts'
import { endpoint, type Endpoint } from './endpoint.ts'

const Code = z.string().min(1).max(64)
const Body = z.object({ code: Code })
const Place = z.object({
  code: Code,
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$|^account:[a-z][a-z0-9-]{0,39}:[\x21-\x7e]{1,100}$/),
})

const dayS = 86_400

const NewSecret = z.strictObject({
  /** Never read back. */
  value: z.string().min(8).max(8_192),
  /** When it begins to hold, ms since 1970; at once unless given. */
  validFrom: z.int().min(0).optional(),
  /** How long earlier values go on beside it; 0 = they end at once. */
  overlapSeconds: z
    .int()
    .min(0)
    .max(30 * dayS)
    .default(dayS),
})

const Items = z.object({
  items: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      validFrom: z.int(),
      validTo: z.int().nullable(),
    }),
  ),
  next: z.null(),
})

const path = '/admin/v1/agencies/:code/secrets'
const tag = 'secrets'

export interface SecretRoutesDeps {
  readonly secrets: Secrets
}

/** Doors of the secrets that the gateway uses towards a body. */
export function secretEndpoints({ secrets }: SecretRoutesDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path,
      tag,
      summary: {
        vi: 'Tên và thời hạn các bí mật trục dùng với một cơ quan; không bao giờ trả giá trị',
        en: 'Names and dates of the secrets the gateway uses towards a body; never their values',
      },
      access: ['admin', 'operator', 'auditor', 'agency-admin'],
      params: Body,
      answer: Items,
      handle: async ({ caller, params }) => ({ items: await secrets.list(caller, params.code), next: null }),
    }),
    endpoint({
      method: 'PUT',
      path: `${path}/:name`,
      tag,
      summary: {
        vi: 'Đặt giá trị mới; giá trị cũ còn hiệu lực thêm một thời gian để chuyển đổi',
        en: 'Put a new value; earlier ones go on for a while beside it',
      },
      access: ['admin', 'agency-admin'],
      params: Place,
      body: NewSecret,
      answer: Items,
      handle: async ({ caller, params, body }) => ({
        items: await secrets.put(caller, params, body),
        next: null,
      }),
    }),
    endpoint({
      method: 'DELETE',
      path: `${path}/:name`,
      tag,
      summary: { vi: 'Xóa mọi giá trị của một bí mật', en: 'Forget every value of a secret' },
      access: ['admin', 'agency-admin'],
      params: Place,
      handle: ({ caller, params }) => secrets.drop(caller, params),
    }),
  ]
}
