import { z } from 'zod'
import type { Dialect } from '../dialect.ts'
import { outcomeOf } from '../http-answers.ts'
import { answerJson } from '../json-answer.ts'

const AxisXmlOptions = z.strictObject({
  /** Where sealed envelopes are posted. */
  url: z.url({ protocol: /^https?$/ }),
  timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
})

/** For the API's description: what it holds is judged by `signing/`. */
const Envelope = z.string().meta({
  id: 'Envelope',
  description:
    'Phong bì trục: Header, Body, ds:Signature theo docs/axis-envelope.xsd · The axis envelope, as docs/axis-envelope.xsd has it',
  contentMediaType: 'application/xml',
})

const contentType = 'application/xml'
const answerBytes = 64 * 1024

/**
 * The axis' own tongue: a signed envelope in, a sealed envelope out by HTTP POST. The recipient tells repeats apart by
 * `MessageId` and `DeliveryId` in the sealed header, so an ambiguous send is repeated.
 */
export const axisXml: Dialect = {
  name: 'axis-xml',
  mode: 'push',
  repeatable: true,
  options: AxisXmlOptions,
  address: ({ options }) => AxisXmlOptions.parse(options).url,
  verbs: [
    {
      method: 'POST',
      path: '/v1/messages',
      verb: 'submit',
      contentTypes: ['application/xml', 'text/xml'],
      summary: {
        vi: 'Gửi một thông điệp trong phong bì XML đã ký',
        en: 'Send one message in a signed XML envelope, plain or encrypted to the gateway',
      },
      request: Envelope,
    },
  ],
  decode: ({ body }) => [{ kind: 'sealed', bytes: body }],
  answer: answerJson,
  encode: () => ({ kind: 'encoded', seal: 'axis', contentType, body: new Uint8Array(0), headers: {} }),
  async send({ message, deliveryId, encoded }, agency, transport) {
    const { url, timeoutMs } = AxisXmlOptions.parse(agency.options)
    const headers = {
      'content-type': `${contentType}; charset=utf-8`,
      'message-id': message.id,
      'delivery-id': deliveryId,
      ...encoded.headers,
    }
    const answer = await transport.post({
      url,
      headers,
      body: encoded.body,
      timeoutMs,
      maxAnswerBytes: answerBytes,
    })
    return outcomeOf(answer, { repeatable: true })
  },
}
