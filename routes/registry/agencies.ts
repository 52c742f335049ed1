import { z } from 'zod'
import { Contacts } from '../../schemas/contacts.ts'
import type { Administration } from '../../workers/registry/index.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import {
  AgencyCode,
  AgencyDraft,
  AgencyShape,
  AgencyView,
  ByCode,
  given,
  onlookers,
  Reason,
  Status,
} from './shapes.ts'

const tag = 'agencies'
const path = '/admin/v1/agencies/:code'

const ListQuery = z.object({
  status: Status.optional(),
  parent: AgencyCode.optional(),
  search: z.string().min(1).max(100).optional(),
  after: z.string().max(64).optional(),
  max: z.coerce.number().int().min(1).max(200).default(50),
})

const Tag = z.string().max(80).optional().meta({ description: 'ETag đã đọc · The ETag that was read' })
const Match = z.object({ 'if-match': Tag, 'if-none-match': z.literal('*').optional() })

const Standing = z.strictObject({
  status: Status,
  reason: Reason,
  test: z.strictObject({ messageId: z.uuid(), action: z.string().max(64) }).optional(),
})

const etagIn = (answer: unknown): string => (answer as z.infer<typeof AgencyView>).etag // as the row answers

/** Bodies: their rows, states and people. */
export function agencyEndpoints({ agencies, contacts, setStanding }: Administration): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/admin/v1/agencies',
      tag,
      summary: { vi: 'Danh sách cơ quan', en: 'Bodies, by code' },
      access: onlookers,
      query: ListQuery,
      answer: z.object({ items: z.array(AgencyView), next: z.string().nullable() }),
      handle: ({ caller, query }) => Promise.resolve(agencies.list(caller, query)),
    }),
    endpoint({
      method: 'GET',
      path,
      tag,
      summary: { vi: 'Một cơ quan, kèm ETag', en: 'One body, with its ETag' },
      access: onlookers,
      params: ByCode,
      answer: AgencyView,
      etag: etagIn,
      handle: ({ caller, params }) => Promise.resolve().then(() => agencies.find(caller, params.code)),
    }),
    endpoint({
      method: 'PUT',
      path,
      tag,
      summary: {
        vi: 'Tạo cơ quan (ở trạng thái thử nghiệm), hoặc sửa với If-Match',
        en: 'Create a body, under test, or replace its row with If-Match',
      },
      access: ['admin'],
      params: ByCode,
      headers: Match,
      body: AgencyDraft,
      answer: AgencyView.extend({ created: z.boolean() }),
      errors: ['stale_version', 'version_required', 'conflict'],
      etag: etagIn,
      handle: ({ caller, params, body, headers }) =>
        agencies.put(caller, {
          code: params.code,
          draft: given(body), // no field is undefined any more
          match: { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] },
        }),
    }),
    endpoint({
      method: 'POST',
      path: `${path}/state`,
      tag,
      summary: {
        vi: 'Chuyển trạng thái thử nghiệm, hoạt động, tạm ngừng; hoạt động lần đầu cần thông điệp thử đã xử lý',
        en: 'Move between testing, live and suspended; the first time live needs a processed test',
      },
      access: ['admin', 'operator'],
      params: ByCode,
      body: Standing,
      answer: AgencyShape,
      handle: ({ caller, params, body }) => setStanding(caller, { code: params.code, ...body }),
    }),
    endpoint({
      method: 'GET',
      path: `${path}/contacts`,
      tag,
      summary: {
        vi: 'Đầu mối kỹ thuật, nghiệp vụ, đối soát; mỗi lần xem được ghi nhật ký',
        en: 'People for technical matters, business and reconciliation; a look is audited',
      },
      access: onlookers,
      params: ByCode,
      answer: Contacts,
      handle: ({ caller, params }) => contacts.find(caller, params.code),
    }),
    endpoint({
      method: 'PUT',
      path: `${path}/contacts`,
      tag,
      summary: { vi: 'Thay các đầu mối của cơ quan', en: 'Replace the people of a body' },
      access: ['admin', 'agency-admin'],
      params: ByCode,
      body: Contacts,
      answer: Contacts,
      handle: ({ caller, params, body }) => contacts.replace(caller, params.code, body),
    }),
  ]
}
