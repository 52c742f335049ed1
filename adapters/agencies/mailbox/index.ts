import { z } from 'zod'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Dialect } from '../dialect.ts'
import { answerJson } from '../json-answer.ts'
import { encodePlain } from '../plain-json.ts'

const MailboxOptions = z.strictObject({
  /** `sealed`: the envelope encrypted to the body; `json`: the message itself, for a body without keys on a trusted line. */
  format: z.enum(['sealed', 'json']).default('sealed'),
})

/** Deliveries wait for the recipient, which pulls them over HTTP and acknowledges each with its outcome. It submits as the axis does. */
export const mailbox: Dialect = {
  name: 'mailbox',
  mode: 'pull',
  repeatable: true,
  options: MailboxOptions,
  verbs: [
    {
      method: 'GET',
      path: '/v1/mailbox',
      verb: 'list',
      summary: {
        vi: 'Nhận các thông điệp đang chờ trong hộp thư của cơ quan mình',
        en: "Pull what waits in the calling body's mailbox; each delivery is lent for a while",
      },
    },
    {
      method: 'POST',
      path: '/v1/mailbox/:deliveryId/ack',
      verb: 'ack',
      summary: {
        vi: 'Báo kết quả xử lý một thông điệp đã nhận',
        en: 'Say what became of a delivery that was pulled',
      },
    },
  ],
  decode: ({ body }) => [{ kind: 'sealed', bytes: body }],
  answer: answerJson,
  encode(message, agency) {
    const { format } = MailboxOptions.parse(agency.options)
    if (format === 'sealed')
      return {
        kind: 'encoded',
        seal: 'axis',
        contentType: 'application/xml',
        body: new Uint8Array(0),
        headers: {},
      }
    return encodePlain(message)
  },
  send: () => Promise.reject(new GatewayError('internal', { cause: 'a mailbox is pulled, never sent to' })),
}
