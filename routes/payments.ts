import { z } from 'zod'
import { moneyKinds } from '../schemas/money-fact.ts'
import { caseReasons, paymentStates } from '../schemas/payment-standing.ts'
import type { Payments } from '../workers/payments.ts'
import { endpoint, type Endpoint } from './endpoint.ts'
import { Reason } from './traffic.ts'

export interface PaymentRoutesDeps {
  readonly payments: Payments
}

const Dong = z.int().meta({ description: 'Đồng, không có phần lẻ · Whole đồng' })

const Fact = z
  .object({
    seq: z.int(),
    kind: z.enum(moneyKinds),
    sender: z.string(),
    reference: z.string(),
    partner: z.string(),
    dossier: z.string(),
    code: z.string(),
    transaction: z.string(),
    amount: Dong.nullable(),
    bank: z.string(),
    at: z.int().nullable(),
    receivedAt: z.int(),
    messageId: z.uuid().nullable(),
  })
  .meta({ id: 'MoneyFact' })

const Payment = z.object({
  reference: z.string(),
  partner: z.string(),
  dossier: z.string(),
  sender: z.string(),
  state: z.enum(paymentStates),
  matched: z.boolean(),
  asked: Dong.nullable(),
  paid: Dong,
  refunded: Dong,
  updatedAt: z.int(),
  facts: z.array(Fact),
})

const Case = z.object({
  id: z.uuid(),
  reason: z.enum(caseReasons),
  openedAt: z.int(),
  closedAt: z.int().nullable(),
  closedBy: z.string().nullable(),
  closedReason: z.string().nullable(),
  reference: z.string(),
  partner: z.string(),
  dossier: z.string(),
  fact: Fact,
})

/** What is known of the payments for a dossier, and the cases that need a person. */
export const paymentEndpoints = ({ payments }: PaymentRoutesDeps): readonly Endpoint[] => [
  endpoint({
    method: 'GET',
    path: '/v1/payments',
    tag: 'payments',
    summary: {
      vi: 'Các khoản thanh toán của một hồ sơ mà trục biết: trạng thái, số tiền, mọi lần báo',
      en: 'What the gateway knows of the payments for a dossier: state, sums, all that was said',
    },
    access: ['agency', 'agency-admin', 'operator', 'auditor'],
    query: z.strictObject({ MaHoSo: z.string().trim().min(1).max(200) }),
    answer: z.object({ items: z.array(Payment) }),
    handle: async ({ caller, query }) => ({ items: await payments.ofDossier(caller, query.MaHoSo) }),
  }),
  endpoint({
    method: 'GET',
    path: '/admin/v1/payment-cases',
    tag: 'payments',
    summary: {
      vi: 'Các vụ việc thanh toán cần người xem: không khớp, trả hai lần, lệch số tiền',
      en: 'Payments that need a person: unmatched, paid twice, another amount; oldest first',
    },
    access: ['operator', 'auditor'],
    query: z.strictObject({
      state: z.enum(['open', 'closed']).default('open'),
      after: z.uuid().optional(),
      max: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ items: z.array(Case), next: z.uuid().nullable() }),
    handle: ({ query }) => payments.cases(query),
  }),
  endpoint({
    method: 'POST',
    path: '/admin/v1/payment-cases/:id/close',
    tag: 'payments',
    summary: {
      vi: 'Đóng một vụ việc, có lý do; những gì đã báo vẫn còn nguyên',
      en: 'Close a case, with a reason; what was said stays as it is',
    },
    access: ['operator'],
    params: z.object({ id: z.uuid() }),
    body: z.strictObject({ reason: Reason }),
    status: 204,
    errors: ['already_settled'],
    handle: ({ caller, params, body }) => payments.close(caller, params.id, body.reason),
  }),
]
