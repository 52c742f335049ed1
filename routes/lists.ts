import { Readable } from 'node:stream'
import { z } from 'zod'
import { actions, families, type Family } from '../schemas/actions.ts'
import { GatewayError } from '../schemas/errors.ts'
import { MessageShape, SignedReceiptShape } from '../schemas/shapes.ts'
import { messageStates, stateOf } from '../schemas/state.ts'
import type { Lists } from '../workers/lists.ts'
import { bytesAnswer, type BytesAnswer } from './bytes-answer.ts'
import { endpoint, type Endpoint } from './endpoint.ts'

export interface ListRoutesDeps {
  readonly lists: Lists
}

const since = z
  .string()
  .regex(/^\d{1,15}-[0-9a-f]{32}$/, 'not a cursor of a list')
  .optional()
  .meta({ description: 'next hoặc cursor của trang trước · next or cursor of the page before' })
const max = z.coerce.number().int().min(1).max(200).default(50)

const MessagesQuery = z.strictObject({
  subjectKey: z.string().min(1).max(512).optional().meta({ description: 'Ví dụ MaHoSo · Such as a MaHoSo' }),
  family: z.enum(Object.keys(families) as [Family, ...Family[]]).optional(),
  action: z.enum(Object.keys(actions)).optional(),
  state: z.enum(messageStates).optional(),
  direction: z.enum(['sent', 'received']).optional(),
  since,
  max,
})

const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({
    items: z.array(item),
    next: z
      .string()
      .nullable()
      .meta({ description: 'Hỏi tiếp ngay; null là hết · Ask on at once; null at the end' }),
    cursor: z
      .string()
      .meta({ description: 'Hỏi tiếp về sau, không sót gì · Ask on later; nothing is missed' }),
  })

const MessagePage = pageOf(
  MessageShape.extend({ state: z.enum(messageStates) }).meta({ id: 'ListedMessage' }),
)

const readers = ['agency', 'agency-admin', 'operator', 'auditor'] as const
const Id = z.object({ id: z.string() })

/** An id in its one true form; what is none names nothing. */
function known(id: string): string {
  if (!z.uuid().safeParse(id).success) throw new GatewayError('not_found', { field: 'id' })
  return id.toLowerCase()
}

const envelopeType = 'application/xml'

function xml(envelope: Uint8Array): BytesAnswer {
  const headers = { 'content-type': envelopeType, 'content-length': String(envelope.byteLength) }
  return { kind: bytesAnswer, status: 200, headers, read: () => Promise.resolve(Readable.from([envelope])) }
}

/** Lists by cursor of messages and refusals, one receipt, one envelope. */
export function listEndpoints({ lists }: ListRoutesDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/messages',
      tag: 'messages',
      summary: {
        vi: 'Danh sách thông điệp đã gửi và đã nhận, theo con trỏ',
        en: 'Messages sent and received, by cursor; a page may hold fewer than asked, and still be followed by more',
      },
      access: readers,
      query: MessagesQuery,
      answer: MessagePage,
      async handle({ caller, query }) {
        const { items, ...rest } = await lists.messages(caller, query)
        return {
          items: items.map(({ message, deliveries }) => ({
            ...message,
            state: stateOf(deliveries.map(({ state }) => state)),
          })),
          ...rest,
        }
      },
    }),
    endpoint({
      method: 'GET',
      path: '/v1/messages/:id/envelope',
      tag: 'messages',
      summary: {
        vi: 'Phong bì gốc đã ký của một thông điệp',
        en: "The original signed envelope of a message: its sender's, or the gateway's where the sender has not signed",
      },
      access: readers,
      params: Id,
      answer: z.string().meta({ contentMediaType: envelopeType }),
      answerType: envelopeType,
      handle: async ({ caller, params }) => xml(await lists.envelope(caller, known(params.id))),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/refusals',
      tag: 'refusals',
      summary: {
        vi: 'Giấy từ chối đã ký, tại cửa và từ bên nhận',
        en: 'Signed refusals of what the body sent, at the door and by recipients, by cursor',
      },
      access: readers,
      query: z.strictObject({ since, max }),
      answer: pageOf(SignedReceiptShape),
      handle: ({ caller, query }) => lists.refusals(caller, query),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/receipts/:id',
      tag: 'receipts',
      summary: { vi: 'Một biên nhận đã ký', en: 'One signed receipt' },
      access: readers,
      params: Id,
      answer: SignedReceiptShape,
      handle: ({ caller, params }) => lists.receipt(caller, known(params.id)),
    }),
  ]
}
