import { z } from 'zod'
import { actions } from './actions.ts'
import { authenticationMethods } from './agency.ts'
import { errors } from './errors.ts'
import { receiptKinds } from './receipt.ts'

/** Shapes of what the gateway answers, for its description and for those who check its answers. */

export const MomentShape = z.int().meta({
  id: 'Moment',
  description: 'Mili giây từ 1970 (UTC) · Milliseconds since 1970',
  examples: [1_795_230_000_000],
})

const digest = z.string().regex(/^[0-9a-f]{64}$/)

/** A refusal of what could not be read states nothing of it. */
const read = z.union([digest, z.literal('')]).meta({
  description: 'SHA-256 dạng hex; rỗng khi không đọc được nội dung · Hex; empty where nothing could be read',
})

const ReceiptShape = z
  .object({
    id: z.uuid(),
    kind: z.enum(receiptKinds),
    issuer: z.string().meta({ examples: ['TRUC'] }),
    messageId: z.string(),
    sender: z.string().meta({ examples: ['H49'] }),
    senderRef: z.string().meta({ examples: ['HS-2026-000123'] }),
    action: z.string().meta({ examples: ['dossier.submitted'] }),
    contentDigest: read,
    originalDigest: read,
    at: MomentShape,
    recipient: z
      .string()
      .meta({ examples: ['G22'] })
      .optional(),
    deliveryId: z.uuid().optional(),
    sealedDigest: digest.optional(),
    code: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({
    id: 'Receipt',
    description: 'Biên nhận: điều trục cam kết đã xảy ra · What the gateway states to have happened',
  })

export const SignedReceiptShape = z
  .object({
    receipt: ReceiptShape,
    jws: z.string().meta({
      description: 'JWS rút gọn (RFC 7515) ký bằng khóa biên nhận của trục · Compact JWS',
    }),
  })
  .meta({ id: 'SignedReceipt' })

export const SubmitAnswerShape = z
  .object({ id: z.uuid(), state: z.string().meta({ examples: ['accepted'] }), receipt: SignedReceiptShape })
  .meta({ id: 'SubmitAnswer' })

export const ErrorShape = z
  .object({
    code: z.enum(Object.keys(errors)),
    message: z.object({ vi: z.string(), en: z.string() }),
    field: z.string().nullable(),
    reason: z.string().nullable(),
    retryable: z.boolean().meta({ description: 'Gửi lại y nguyên sau này có thể được · May succeed later' }),
    detailId: z.uuid().meta({ description: 'Mã để báo cho người vận hành · Quote this to the operator' }),
    receipt: SignedReceiptShape.nullable()
      .optional()
      .meta({ description: 'Chỉ khi gửi thông điệp: giấy từ chối đã ký · On a submit: the signed refusal' }),
  })
  .meta({
    id: 'Error',
    description: 'Mọi lỗi đều có dạng này · Every error has this form',
    examples: [
      {
        code: 'invalid_field',
        message: { vi: errors.invalid_field.vi, en: errors.invalid_field.en },
        field: 'data[0].NgayTiepNhan',
        reason: 'not a date yyyyMMddHHmmss',
        retryable: false,
        detailId: '5f0c2d4e-8a31-4f7e-9a51-0d6f4b1c2e3a',
      },
    ],
  })

/** A message as its parties may see it: all but its payload. */
export const MessageShape = z
  .object({
    id: z.uuid(),
    sender: z.string().meta({ examples: ['H49'] }),
    senderRef: z.string().meta({ examples: ['HS-2026-000123'] }),
    recipients: z.array(z.string()).meta({ examples: [['G22']] }),
    action: z.enum(Object.keys(actions)),
    conversationId: z.string().optional(),
    refToMessageId: z.string().optional(),
    sentAt: MomentShape,
    expiresAt: MomentShape.optional(),
    authenticatedBy: z
      .object({ method: z.enum(authenticationMethods), credentialId: z.string() })
      .optional()
      .meta({
        description:
          'Khi bên gửi không ký: trục biết họ bằng gì · Where the sender has not signed: how the gateway knew it',
      }),
    family: z.string().meta({ examples: ['dossier'] }),
    subjectKey: z.string().meta({ examples: ['H49.05-261121-0001'] }),
    receivedAt: MomentShape,
    flags: z.array(z.string()).meta({
      description:
        'Điều khác thường, vẫn chuyển; chữ ký trong gói tin · Unusual, carried all the same; a signature within',
      examples: [['Signature: verified, H49']],
    }),
  })
  .meta({ id: 'Message' })
