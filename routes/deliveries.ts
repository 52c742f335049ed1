import { z } from 'zod'
import { deliveryStates } from '../schemas/message.ts'
import type { Deliveries } from '../workers/deliveries.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { governors, onlookers, Reason } from './traffic.ts'

export interface DeliveryRoutesDeps {
  readonly deliveries: Deliveries
}

const State = z.enum(deliveryStates)

const PageQuery = z.object({
  recipient: z.string().min(1).max(64).optional(),
  /** Accepted at or after, and before; ms since 1970. */
  since: z.coerce.number().int().min(0).optional(),
  before: z.coerce.number().int().min(0).optional(),
  after: z.uuid().optional(),
  max: z.coerce.number().int().min(1).max(200).default(50),
})
const Id = z.object({ id: z.uuid() })

const Line = z.object({
  id: z.uuid(),
  messageId: z.uuid(),
  recipient: z.string(),
  sender: z.string(),
  senderRef: z.string(),
  action: z.string(),
  state: State,
  priority: z.int(),
  claims: z.int(),
  attempts: z.int(),
  acceptedAt: z.int(),
  dueAt: z.int().nullable(),
  settledAt: z.int().nullable(),
  skipReason: z.string().nullable(),
})
const Try = z.object({
  at: z.int(),
  durationMs: z.int(),
  outcome: z.string(),
  code: z.string().nullable(),
  reason: z.string().nullable(),
})
const Next = z.string().nullable()
const ReasonBody = z.strictObject({ reason: Reason })
const Said = z.object({
  /** `done`; `at_end`: replayed behind what has overtaken it; `already`: nothing was left to do. */
  result: z.enum(['done', 'at_end', 'already']),
  warning: z.string().nullable(),
})

const overtaken = 'its lane has moved on: it goes to the end, after what came later'
const said = (result: string) => ({ result, warning: result === 'at_end' ? overtaken : null })

const Bulk = z.strictObject({
  state: z.enum(['dead', 'parked', 'in_doubt', 'refused', 'skipped']).default('dead'),
  recipient: z.string().min(1).max(64).optional(),
  since: z.int().min(0).optional(),
  before: z.int().min(0).optional(),
  after: z.uuid().optional(),
  limit: z.int().min(1).max(10_000).default(1_000),
  dryRun: z.boolean().default(true),
  reason: Reason,
})

/** Doors to single deliveries: find them, send them again, skip them, end a doubt. */
export const deliveryEndpoints = ({ deliveries }: DeliveryRoutesDeps): readonly Endpoint[] => [
  ...readers(deliveries),
  ...menders(deliveries),
]

const readers = (deliveries: Deliveries): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/admin/v1/deliveries',
    tag: 'traffic',
    summary: { vi: 'Các lượt chuyển theo trạng thái, cũ trước', en: 'Deliveries of a state, oldest first' },
    access: onlookers,
    query: PageQuery.extend({ state: State }),
    answer: z.object({ items: z.array(Line), next: Next }),
    handle: ({ caller, query }) => deliveries.list(caller, query),
  }),
  endpoint({
    method: 'GET',
    path: '/admin/v1/deliveries/:id',
    tag: 'traffic',
    summary: { vi: 'Một lượt chuyển và các lần thử', en: 'A delivery and its attempts' },
    access: onlookers,
    params: Id,
    answer: Line.extend({ tries: z.array(Try) }),
    handle: ({ caller, params }) => deliveries.find(caller, params.id),
  }),
  endpoint({
    method: 'GET',
    path: '/admin/v1/lanes',
    tag: 'traffic',
    summary: {
      vi: 'Các luồng bị chặn: lượt đứng đầu và số lượt chờ sau nó',
      en: 'Blocked lanes: the head, and how many wait behind it',
    },
    access: onlookers,
    query: PageQuery.extend({ blocked: z.literal('true') }),
    answer: z.object({ items: z.array(z.object({ head: Line, waiting: z.int() })), next: Next }),
    handle: ({ caller, query: { blocked: _, ...ask } }) => deliveries.lanes(caller, ask),
  }),
]

const menders = (deliveries: Deliveries): readonly Endpoint[] => [
  endpoint({
    method: 'POST',
    path: '/admin/v1/deliveries/replay',
    tag: 'traffic',
    summary: {
      vi: 'Chuyển lại hàng loạt theo bộ lọc và mốc thời gian; mặc định chỉ đếm',
      en: 'Send again what a filter and a cut-off find; only counts unless dryRun is false',
    },
    access: governors,
    body: Bulk,
    answer: z.object({ matched: z.int(), results: z.record(z.string(), z.int()), next: Next }),
    handle: ({ caller, body }) => deliveries.replayAll(caller, body),
  }),
  endpoint({
    method: 'POST',
    path: '/admin/v1/deliveries/:id/replay',
    tag: 'traffic',
    summary: { vi: 'Chuyển lại một lượt', en: 'Send a delivery again' },
    access: governors,
    params: Id,
    body: ReasonBody,
    answer: Said,
    errors: ['already_settled'],
    handle: async ({ caller, params, body }) => said(await deliveries.replay(caller, params.id, body.reason)),
  }),
  endpoint({
    method: 'POST',
    path: '/admin/v1/deliveries/:id/skip',
    tag: 'traffic',
    summary: {
      vi: 'Bỏ qua một lượt; có hiệu lực khi nó đứng đầu luồng, người gửi được biên nhận',
      en: 'Skip a delivery; takes effect when it heads its lane, the sender gets a receipt',
    },
    access: governors,
    params: Id,
    body: ReasonBody,
    answer: Said,
    errors: ['already_settled'],
    handle: async ({ caller, params, body }) => said(await deliveries.skip(caller, params.id, body.reason)),
  }),
  endpoint({
    method: 'POST',
    path: '/admin/v1/deliveries/:id/resolve',
    tag: 'traffic',
    summary: {
      vi: 'Kết luận một lượt chưa rõ: đã đến hay chưa',
      en: 'End a doubt: it was delivered, or it was not',
    },
    access: governors,
    params: Id,
    body: z.strictObject({ outcome: z.enum(['delivered', 'not_delivered']), reason: Reason }),
    answer: Said,
    errors: ['already_settled'],
    handle: async ({ caller, params, body }) => said(await deliveries.resolve(caller, params.id, body)),
  }),
]
