import { z } from 'zod'
import { GatewayError } from '../schemas/errors.ts'
import { MessageShape, MomentShape, SignedReceiptShape } from '../schemas/shapes.ts'
import { stateOf } from '../schemas/state.ts'
import type { Queries } from '../workers/query.ts'
import { endpoint, type Endpoint } from './endpoint.ts'

/** The gateway's own certificates, PEM: what a party needs to verify receipts and seals, and to encrypt to it. */
export interface GatewayCertificates {
  readonly code: string
  readonly receipts: string
  readonly seals: string
  readonly encryption: string
}

export interface ViewDeps {
  readonly queries: Queries
  readonly certificates: GatewayCertificates
}

const CatalogQuery = z.object({
  since: z.coerce.number().int().min(0).default(0),
  max: z.coerce.number().int().min(1).max(1000).default(200),
})

const CatalogPage = z.object({
  changes: z.array(
    z.object({ cursor: z.int(), code: z.string(), op: z.string(), body: z.unknown(), at: MomentShape }),
  ),
  next: z.int().meta({ description: 'Dùng làm since lần sau · Ask with it next' }),
})

const DeliveryShape = z
  .object({
    id: z.uuid(),
    recipient: z.string(),
    state: z.string(),
    dueAt: MomentShape.nullable(),
    attempts: z.array(
      z.object({
        at: MomentShape,
        durationMs: z.int(),
        outcome: z.string(),
        code: z.string().nullable(),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Delivery' })

const MessageView = z.object({
  id: z.uuid(),
  state: z.string(),
  message: MessageShape,
  deliveries: z.array(DeliveryShape),
  receipts: z.array(SignedReceiptShape),
})

const pem = z.string().meta({ description: 'PEM' })
const Certificates = z.object({ code: z.string(), receipts: pem, seals: pem, encryption: pem })

const readers = ['agency', 'agency-admin', 'operator', 'admin', 'auditor'] as const

/** Read-only doors: messages, catalogue changes, the gateway's certificates. */
export function views({ queries, certificates }: ViewDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/messages/:id',
      tag: 'messages',
      summary: {
        vi: 'Trạng thái, các lần chuyển và biên nhận của một thông điệp',
        en: 'State, deliveries and receipts of a message',
      },
      access: ['agency', 'agency-admin', 'operator', 'auditor'],
      params: z.object({ id: z.string() }),
      answer: MessageView,
      async handle({ caller, params }) {
        const id = z.uuid().safeParse(params.id)
        if (!id.success) throw new GatewayError('not_found', { field: 'id' })
        const { message, deliveries, receipts } = await queries.message(caller, id.data)
        const state = stateOf(deliveries.map((delivery) => delivery.state))
        return { id: message.id, state, message, deliveries, receipts }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/catalogs/:catalog/changes',
      tag: 'catalogs',
      summary: { vi: 'Thay đổi của một danh mục', en: 'Changes of a catalogue after a cursor' },
      access: readers,
      params: z.object({ catalog: z.string() }),
      query: CatalogQuery,
      answer: CatalogPage,
      handle: ({ params, query }) => queries.catalog(params.catalog, query.since, query.max),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/certificates',
      tag: 'certificates',
      summary: {
        vi: 'Chứng thư của trục: kiểm biên nhận, niêm phong, mã hóa',
        en: "The gateway's certificates: verify receipts and seals, encrypt to it",
      },
      access: 'public',
      answer: Certificates,
      handle: () => Promise.resolve(certificates),
    }),
  ]
}
