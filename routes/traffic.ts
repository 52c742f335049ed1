import { z } from 'zod'
import { Pace } from '../schemas/pace.ts'
import type { Said } from '../schemas/said.ts'
import type { TrafficOrders } from '../workers/traffic.ts'
import { endpoint, type Endpoint } from './endpoint.ts'

export interface TrafficRoutesDeps {
  readonly traffic: TrafficOrders
}

const Code = z.object({ code: z.string().min(1).max(64) })
export const Reason = z.string().trim().min(1).max(500)
const Order = z.strictObject({ reason: Reason })

const Ms = z.int()
const TrafficAnswer = z.object({
  agency: z.string(),
  paused: z.boolean(),
  pausedAt: Ms.nullable(),
  pauseReason: z.string().nullable(),
  drainingAt: Ms.nullable(),
  drainReason: z.string().nullable(),
  pace: Pace,
  shutUntil: Ms,
  breaker: z.object({ failures: z.int(), openUntil: Ms, openings: z.int() }),
  inFlight: z.int(),
  waiting: z.record(z.string(), z.int()),
  oldestAt: Ms.nullable(),
  lastSuccessAt: Ms.nullable(),
  lastFailureAt: Ms.nullable(),
  lastFailureCode: z.string().nullable(),
  outgoing: z.int().nullable(),
})

/** Who governs traffic, and who may look at it. */
export const governors = ['operator', 'admin'] as const
export const onlookers = ['operator', 'admin', 'auditor', 'agency-admin'] as const

const orders: Readonly<Record<'pause' | 'resume' | 'drain', Said>> = {
  pause: {
    vi: 'Tạm dừng chuyển tới một cơ quan; thông điệp mới vẫn được nhận và giữ',
    en: 'Stop delivering to a body; what comes for it is still accepted and kept',
  },
  resume: { vi: 'Bỏ tạm dừng và bỏ xả', en: 'End a pause and a drain' },
  drain: {
    vi: 'Không nhận thêm từ một cơ quan (503); những gì đã nhận vẫn được chuyển đi',
    en: 'Take nothing new from a body (503); what was accepted goes out',
  },
}

/** Doors of the operator: pause, resume, drain, pace, and how the traffic of a body stands. */
export function trafficEndpoints({ traffic }: TrafficRoutesDeps): readonly Endpoint[] {
  const order = (verb: keyof typeof orders): Endpoint =>
    endpoint({
      method: 'POST',
      path: `/admin/v1/agencies/:code/${verb}`,
      tag: 'traffic',
      summary: orders[verb],
      access: governors,
      params: Code,
      body: Order,
      answer: TrafficAnswer,
      handle: ({ caller, params, body }) => traffic[verb](caller, params.code, body.reason),
    })
  return [
    ...(['pause', 'resume', 'drain'] as const).map(order),
    endpoint({
      method: 'GET',
      path: '/admin/v1/agencies/:code/traffic',
      tag: 'traffic',
      summary: {
        vi: 'Tình hình chuyển tới một cơ quan: tạm dừng, cầu dao, nhịp, đang chuyển, đang chờ',
        en: 'How deliveries to a body stand: pause, breaker, pace, in flight, waiting',
      },
      access: onlookers,
      params: Code,
      answer: TrafficAnswer,
      handle: ({ caller, params }) => traffic.read(caller, params.code),
    }),
    ...paceEndpoints(traffic),
  ]
}

const paceEndpoints = (traffic: TrafficOrders): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/admin/v1/agencies/:code/pace',
    tag: 'traffic',
    summary: { vi: 'Nhịp chuyển tới một cơ quan', en: 'The pace of deliveries to a body' },
    access: onlookers,
    params: Code,
    answer: Pace,
    handle: async ({ caller, params }) => (await traffic.read(caller, params.code)).pace,
  }),
  endpoint({
    method: 'PUT',
    path: '/admin/v1/agencies/:code/pace',
    tag: 'traffic',
    summary: {
      vi: 'Đặt nhịp: số lượt mỗi giây, số lượt cùng lúc, khung giờ, phần dành cho nạp lần đầu',
      en: 'Set the pace: deliveries a second, at once, hours, the share of first loads',
    },
    access: governors,
    params: Code,
    body: Pace.extend({ reason: Reason }),
    answer: Pace,
    handle: async ({ caller, params, body: { reason, ...pace } }) =>
      (await traffic.setPace(caller, params.code, { pace, reason })).pace,
  }),
]
