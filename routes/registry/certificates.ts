import { z } from 'zod'
import type { Administration } from '../../workers/registry/index.ts'
import { endpoint, type Endpoint } from '../endpoint.ts'
import {
  ByCode,
  CertificateShape,
  Fingerprint,
  onlookers,
  PartyClass,
  people,
  Reason,
  TrustRootShape,
  Use,
} from './shapes.ts'

const path = '/admin/v1/agencies/:code/certificates'
const roots = '/admin/v1/trust-roots'
const pem = z.string().min(1).max(16_384).meta({ description: 'Một chứng thư PEM · One certificate, PEM' })
const One = z.object({ fingerprint: Fingerprint })

/** Certificates of bodies, and the authorities that they are checked against. */
export function certificateEndpoints(administration: Administration): readonly Endpoint[] {
  return [...ofBodies(administration), ...ofAuthorities(administration)]
}

function ofBodies({ certificates }: Administration): readonly Endpoint[] {
  const tag = 'certificates'
  return [
    endpoint({
      method: 'GET',
      path,
      tag,
      summary: {
        vi: 'Chứng thư của cơ quan, hạn dùng và lỗi nếu có',
        en: 'Certificates of a body, and what is wrong',
      },
      access: onlookers,
      params: ByCode,
      answer: z.object({ items: z.array(CertificateShape), next: z.null() }),
      handle: ({ caller, params }) =>
        Promise.resolve().then(() => ({ items: certificates.list(caller, params.code), next: null })),
    }),
    endpoint({
      method: 'POST',
      path,
      tag,
      summary: {
        vi: 'Thêm chứng thư; quản trị viên cơ quan chỉ gia hạn chứng thư cùng tên chủ thể',
        en: "Add a certificate; a body's administrator renews one of the same subject",
      },
      access: ['admin', 'agency-admin'],
      params: ByCode,
      body: z.strictObject({ pem, use: Use }),
      status: 201,
      answer: CertificateShape,
      errors: ['conflict'],
      handle: ({ caller, params, body }) => certificates.add(caller, { code: params.code, ...body }),
    }),
    endpoint({
      method: 'DELETE',
      path: `${path}/:fingerprint`,
      tag,
      summary: { vi: 'Bỏ một chứng thư', en: 'Take a certificate away' },
      access: ['admin', 'agency-admin'],
      params: ByCode.extend(One.shape),
      query: z.object({ use: Use.optional(), reason: Reason.optional() }),
      handle: ({ caller, params, query }) => certificates.remove(caller, { ...params, ...query }),
    }),
  ]
}

const Removal = z.object({
  partyClass: PartyClass.optional(),
  force: z.stringbool().default(false),
  reason: Reason,
})

function ofAuthorities({ trustRoots }: Administration): readonly Endpoint[] {
  const tag = 'registry'
  return [
    endpoint({
      method: 'GET',
      path: roots,
      tag,
      summary: { vi: 'Các tổ chức chứng thực được tin cậy', en: 'Trusted authorities' },
      access: people,
      answer: z.object({ items: z.array(TrustRootShape), next: z.null() }),
      handle: () => Promise.resolve({ items: trustRoots.list(), next: null }),
    }),
    endpoint({
      method: 'POST',
      path: roots,
      tag,
      summary: { vi: 'Tin cậy thêm một tổ chức chứng thực', en: 'Trust one more authority' },
      access: ['admin'],
      body: z.strictObject({ partyClass: PartyClass, pem, reason: Reason }),
      status: 201,
      answer: TrustRootShape,
      handle: ({ caller, body }) => trustRoots.add(caller, body),
    }),
    endpoint({
      method: 'DELETE',
      path: `${roots}/:fingerprint`,
      tag,
      summary: {
        vi: 'Thôi tin cậy; bị từ chối khi còn chứng thư phụ thuộc, trừ khi force',
        en: 'Trust an authority no more; refused where certificates depend on it, unless forced',
      },
      access: ['admin'],
      params: One,
      query: Removal,
      answer: z.object({ orphaned: z.int() }),
      errors: ['conflict'],
      handle: ({ caller, params, query }) => trustRoots.remove(caller, { ...params, ...query }),
    }),
  ]
}
