import { z } from 'zod'
import { roles } from '../schemas/agency.ts'
import { credentialKinds, credentialStates } from '../schemas/credential.ts'
import type { Credentials } from '../workers/credentials.ts'
import { endpoint, type Endpoint } from './endpoint.ts'

export interface CredentialDeps {
  readonly credentials: Credentials
}

const time = z.int().nullable()
const Id = z.object({ id: z.string().min(1).max(100) })
const reason = z.string().min(1).max(500).nullable().default(null)
const certificate = z.string().max(20_000).optional()

const Credential = z.object({
  id: z.string(),
  kind: z.enum(credentialKinds),
  label: z.string().nullable(),
  person: z.string().nullable(),
  agency: z.string().nullable(),
  roles: z.array(z.enum(roles)),
  fingerprint: z.string().nullable(),
  state: z.enum(credentialStates),
  validFrom: z.int(),
  validTo: z.int(),
  createdAt: z.int(),
  lastUsedAt: time,
  unlockedAt: time,
  revokedAt: time,
  formerUntil: time,
  locksAt: z.int(),
})

const Issued = z.object({ credential: Credential, secret: z.string().nullable() })

const Wish = z.strictObject({
  kind: z.enum(credentialKinds),
  label: z.string().min(1).max(200).nullable().default(null),
  person: z.string().min(1).max(200).nullable().default(null),
  agency: z.string().min(1).max(64).nullable().default(null),
  roles: z.array(z.enum(roles)).min(1).max(roles.length),
  validFrom: z.int().min(0).optional(),
  days: z.int().min(1).default(365),
  certificate,
  reason,
})

const Rotation = z.strictObject({
  overlapHours: z.number().min(0).max(168).default(24),
  certificate,
  reason,
})

const Page = z.object({
  agency: z.string().max(64).optional(),
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

const path = '/admin/v1/credentials'
const managers = ['admin', 'agency-admin'] as const
const readers = ['admin', 'agency-admin', 'operator', 'auditor'] as const

/** Credentials: who may call. An administrator of a body sees and gives those of its own body and the bodies below it. */
export function credentialEndpoints({ credentials }: CredentialDeps): readonly Endpoint[] {
  return [...reads(credentials), ...changes(credentials)]
}

function reads(credentials: Credentials): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/me',
      tag: 'identity',
      summary: {
        vi: 'Ai đang gọi: vai, hạn dùng, cách xác thực',
        en: 'Who is calling: roles, expiry, how authenticated',
      },
      access: roles,
      answer: Credential.extend({ method: z.enum(['key', 'token', 'certificate']) }),
      handle: async ({ caller }) => ({ ...(await credentials.own(caller)), method: caller.method }),
    }),
    endpoint({
      method: 'GET',
      path,
      tag: 'credentials',
      summary: { vi: 'Danh sách thông tin xác thực', en: 'List credentials' },
      access: readers,
      query: Page,
      answer: z.object({ items: z.array(Credential), next: z.string().nullable() }),
      handle: ({ caller, query }) => credentials.list(caller, query),
    }),
    endpoint({
      method: 'GET',
      path: `${path}/:id`,
      tag: 'credentials',
      summary: { vi: 'Một thông tin xác thực', en: 'One credential' },
      access: readers,
      params: Id,
      answer: Credential,
      handle: ({ caller, params }) => credentials.find(caller, params.id),
    }),
  ]
}

function changes(credentials: Credentials): readonly Endpoint[] {
  return [
    endpoint({
      method: 'POST',
      path,
      tag: 'credentials',
      summary: {
        vi: 'Cấp thông tin xác thực; khóa bí mật chỉ hiện một lần. Của một người: nhiều nhất một năm',
        en: 'Give a credential; its secret is shown once. One of a person is good for a year at most',
      },
      access: managers,
      body: Wish,
      status: 201,
      answer: Issued,
      errors: ['wrong_state', 'untrusted_certificate'],
      handle: ({ caller, body }) => credentials.create(caller, body),
    }),
    endpoint({
      method: 'DELETE',
      path: `${path}/:id`,
      tag: 'credentials',
      summary: { vi: 'Thu hồi; có tác dụng trong một giây', en: 'Revoke; acts within a second everywhere' },
      access: managers,
      params: Id,
      query: z.object({ reason }),
      answer: Credential,
      errors: ['wrong_state'],
      handle: ({ caller, params, query }) => credentials.revoke(caller, params.id, query.reason),
    }),
    endpoint({
      method: 'POST',
      path: `${path}/:id/rotate`,
      tag: 'credentials',
      summary: {
        vi: 'Đổi khóa; khóa cũ còn dùng được overlapHours giờ (0 = hết ngay, khi đã lộ)',
        en: 'Change the secret; the old one works for overlapHours more (0 = not at all, where it leaked)',
      },
      access: managers,
      params: Id,
      body: Rotation,
      answer: Issued,
      errors: ['wrong_state', 'untrusted_certificate'],
      handle: ({ caller, params, body }) => credentials.rotate(caller, params.id, body),
    }),
    endpoint({
      method: 'POST',
      path: `${path}/:id/unlock`,
      tag: 'credentials',
      summary: { vi: 'Mở khóa sau 6 tháng không dùng', en: 'Unlock after 6 months without use' },
      access: managers,
      params: Id,
      body: z.strictObject({ reason }),
      answer: Credential,
      errors: ['wrong_state'],
      handle: ({ caller, params, body }) => credentials.unlock(caller, params.id, body.reason),
    }),
  ]
}
