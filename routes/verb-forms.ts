import { z } from 'zod'
import type { Role } from '../schemas/agency.ts'
import type { ErrorCode } from '../schemas/errors.ts'
import { MomentShape, SubmitAnswerShape } from '../schemas/shapes.ts'

/** The gateway's own form of a verb: what its door reads and answers where a dialect says nothing else. */
interface VerbForm {
  readonly tag: string
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  readonly answers: Readonly<Record<number, z.ZodType>>
  /** Errors beyond those that every identified caller may meet. */
  readonly errors: readonly ErrorCode[]
}

export const ListQuery = z.object({
  max: z.coerce.number().int().min(1).max(100).default(20),
  wait: z.coerce
    .number()
    .min(0)
    .max(30)
    .default(0)
    .meta({ description: 'Giây chờ thông điệp đầu tiên · Seconds to wait for the first' }),
})

export const Acknowledgement = z.strictObject({
  outcome: z.enum(['processed', 'refused', 'retry']),
  reason: z
    .string()
    .max(500)
    .optional()
    .meta({ examples: ['Thiếu giấy tờ'] }),
})

const Delivery = z.object({
  deliveryId: z.uuid(),
  messageId: z.uuid(),
  sender: z.string(),
  senderRef: z.string(),
  action: z.string(),
  subjectKey: z.string(),
  contentType: z.enum(['application/xml', 'application/json']),
  content: z.string().meta({
    description: 'Phong bì niêm phong, hoặc thông điệp JSON · The sealed envelope, or the message as JSON',
  }),
  leaseUntil: MomentShape,
})

const MailboxPage = z.object({
  deliveries: z.array(Delivery.meta({ id: 'MailboxDelivery' })),
  held: z
    .object({
      by: z.enum(['pause', 'hours']),
      reason: z.string().nullable(),
      until: MomentShape.nullable(),
    })
    .nullable()
    .meta({ description: 'Vì sao chưa giao gì · Why nothing is lent although something may wait' }),
})

export const verbForms = {
  submit: {
    tag: 'messages',
    answers: { 202: SubmitAnswerShape, 200: SubmitAnswerShape },
    errors: [
      'malformed_xml',
      'invalid_field',
      'unknown_action',
      'bad_signature',
      'weak_algorithm',
      'untrusted_certificate',
      'undecryptable',
      'reference_conflict',
      'too_large',
      'unsupported_media',
      'unroutable',
      'expired',
      'body_suspended',
    ],
  },
  list: {
    tag: 'mailbox',
    query: ListQuery,
    answers: { 200: MailboxPage },
    errors: ['invalid_field'],
  },
  ack: {
    tag: 'mailbox',
    body: Acknowledgement,
    answers: { 200: z.object({ state: z.string() }) },
    errors: ['invalid_field', 'not_found', 'lease_lost', 'already_settled', 'too_large'],
  },
} as const satisfies Record<string, VerbForm>

/** Who may call a dialect's door: the systems of bodies. A person of a body sees and manages, and sends nothing. */
export const verbRoles: readonly Role[] = ['agency']

/** The verbs that have a door. */
export type Served = keyof typeof verbForms
