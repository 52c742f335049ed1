import { z } from 'zod'
import { isWebhookSecret, signWebhook } from '../../../signing/webhook.ts'
import type { Dialect, Encoded } from '../dialect.ts'
import { outcomeOf } from '../http-answers.ts'
import { answerJson } from '../json-answer.ts'
import { isPrivateLine } from '../line.ts'
import { noSecret } from '../no-secret.ts'

const RestPushOptions = z
  .strictObject({
    /** Where deliveries are posted. */
    url: z.url({ protocol: /^https?$/ }),
    /** `json`: the message itself, over TLS alone; `sealed`: the envelope encrypted to the body. */
    format: z.enum(['json', 'sealed']).default('json'),
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
  })
  .refine(({ url, format }) => format === 'sealed' || isPrivateLine(url), {
    path: ['url'],
    message: 'the format json asks for https; without TLS choose the format sealed',
  })

const answerBytes = 64 * 1024
const secretName = 'webhook'

/**
 * A message by HTTP POST with the headers of Standard Webhooks. The recipient tells repeats apart by `webhook-id`, the id of the
 * delivery, so an ambiguous send is repeated. What cannot be signed is not sent.
 */
export const restPush: Dialect = {
  name: 'rest-push',
  mode: 'push',
  repeatable: true,
  options: RestPushOptions,
  address: ({ options }) => RestPushOptions.parse(options).url,
  secrets: {
    [secretName]: z
      .string()
      .refine(isWebhookSecret, 'expected: whsec_<base64 of 24 to 64 bytes> or whsk_<Ed25519>'),
  },
  verbs: [],
  decode: ({ body }) => [{ kind: 'sealed', bytes: body }],
  answer: answerJson,
  encode(message, agency) {
    const { format } = RestPushOptions.parse(agency.options)
    return format === 'sealed' ? sealed : { ...plain, body: Buffer.from(JSON.stringify(message)) }
  },
  async send({ deliveryId, encoded }, agency, transport, keys) {
    const { url, timeoutMs } = RestPushOptions.parse(agency.options)
    const timestamp = Math.floor(Date.now() / 1000) // of this attempt: receivers refuse what is some minutes old
    const signature = signWebhook({ id: deliveryId, timestamp, body: encoded.body }, keys.secrets(secretName))
    if (signature === '') return noSecret(agency, secretName)
    const headers = {
      'content-type': encoded.contentType,
      'webhook-id': deliveryId,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signature,
    }
    const answer = await transport.post({
      ...{ url, headers, timeoutMs },
      body: encoded.body,
      maxAnswerBytes: answerBytes,
    })
    return outcomeOf(answer, { repeatable: true })
  },
}

const plain: Encoded = {
  kind: 'encoded',
  seal: 'none',
  contentType: 'application/json; charset=utf-8',
  body: new Uint8Array(0),
  headers: {},
}

const sealed: Encoded = { ...plain, seal: 'axis', contentType: 'application/xml; charset=utf-8' }
