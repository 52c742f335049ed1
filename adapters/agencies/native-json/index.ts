import { z } from 'zod'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Payload } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { Dialect, DoorAnswer, DoorRequest, IntakeResult, Trusted } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { encodePlain } from '../plain-json.ts'
import { keyHeader, readIdempotencyKey } from './idempotency-key.ts'

/**
 * A message as JSON. `sender` is the calling body unless one below it is named; times are ms since 1970; the subject key follows
 * from the payload. What the values must be is `parseHeader`'s and `parsePayload`'s to say.
 */
const NativeMessage = z.strictObject({
  action: z.string(),
  sender: z.string().optional(),
  recipients: z.array(z.string()).max(32).default([]),
  conversationId: z.string().exactOptional(),
  refToMessageId: z.string().exactOptional(),
  sentAt: z.number().exactOptional(),
  expiresAt: z.number().exactOptional(),
  payload: z.custom<Payload>((value) => typeof value === 'object' && value !== null, 'not an object'),
})

/** For the API's description: what a payload holds is the action's to say. */
const Described = NativeMessage.extend({
  payload: z.looseObject({}).meta({
    description: 'Nội dung, theo lược đồ của hành động · The payload, as the action has it',
  }),
}).meta({ id: 'NativeMessage' })

/** For the API's description: XML, which shares the address, has its reference inside. */
const Headers = z.object({
  [keyHeader]: z.string().max(130).optional().meta({
    description:
      'Số tham chiếu của bên gửi; bắt buộc với JSON · The reference of the sender; JSON must have it',
  }),
})

/**
 * Plain JSON both ways, for a body that holds no keys: it posts a message under its own reference in `Idempotency-Key`, the
 * gateway seals it with its own key, and what is for the body waits in its mailbox as JSON.
 */
export const nativeJson: Dialect = {
  name: 'native-json',
  mode: 'pull',
  repeatable: true,
  options: z.strictObject({}),
  verbs: [
    {
      method: 'POST',
      path: '/v1/messages',
      verb: 'submit',
      contentTypes: ['application/json'],
      summary: {
        vi: 'Gửi một thông điệp JSON; tiêu đề Idempotency-Key là số tham chiếu của bên gửi',
        en: "Send one message as JSON; the header Idempotency-Key is the sender's reference",
      },
      request: Described,
      headers: Headers,
    },
  ],
  decode: ({ headers, body }, { code }) => [decode(headers[keyHeader.toLowerCase()], body, code)],
  answer,
  encode: encodePlain,
  send: () => Promise.reject(new GatewayError('internal', { cause: 'native JSON is pulled, never sent to' })),
}

function decode(key: string | undefined, body: Uint8Array, caller: string): Trusted {
  const senderRef = readIdempotencyKey(key)
  const read = NativeMessage.safeParse(readJson(body))
  if (!read.success) throw faultOf(read.error)
  const { payload, sender = caller, ...header } = read.data
  return { kind: 'trusted', header: { ...header, sender, senderRef }, payload, original: body }
}

function faultOf({ issues: [issue] }: z.ZodError): GatewayError {
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const field = unknown ?? issue?.path.join('.') ?? ''
  const reason = unknown === undefined ? (issue?.message ?? '') : 'no field of a message'
  return new GatewayError('invalid_field', { field: field.slice(0, 200) || 'body', reason })
}

/** Fields as this dialect's sender wrote them, by the names that the envelope has for them. */
const ownNames: Readonly<Record<string, string>> = {
  Sender: 'sender',
  SenderRef: keyHeader,
  senderRef: keyHeader,
  Action: 'action',
  Recipients: 'recipients',
  Body: 'payload',
}

function answer(results: readonly IntakeResult[], request: DoorRequest): DoorAnswer {
  return answerJson(results.map(inOwnNames), request)
}

function inOwnNames(result: IntakeResult): IntakeResult {
  if (result.kind !== 'refused') return result
  const field = ownNames[result.error.field ?? ''] ?? result.error.field
  return { ...result, error: { ...result.error, field } }
}
