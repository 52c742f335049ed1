import { z } from 'zod'
import type { Json } from '../../../schemas/message.ts'
import { isPrivateLine } from '../line.ts'
import { NoticeText, textsOf } from '../notices/notice.ts'
import { mostPlaces } from '../notices/people.ts'
import { templateOf } from '../template.ts'
import { numberForms, numberIn } from './text.ts'

/** `secret`: the secret `sms`; `basic`: base64 of `user:secret`; `id`: of the delivery and number; `time`: yyyyMMddHHmmss. */
const marks = ['to', 'id', 'time', 'secret', 'basic'] as const
const Value = templateOf([...marks, 'text'])
const fields = z.record(z.string().min(1).max(100), Value)

type JsonTemplate = Json
const JsonTemplate: z.ZodType<JsonTemplate> = z.lazy(() =>
  z.union([
    Value,
    z.number(),
    z.boolean(),
    z.null(),
    z.array(JsonTemplate),
    z.record(z.string(), JsonTemplate),
  ]),
)

/** What a provider is sent; values are written by the rules of its kind, so that none can end where it stands. */
const Body = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('json'), value: JsonTemplate }),
  z.strictObject({ kind: z.literal('form'), fields }),
  z.strictObject({ kind: z.literal('xml'), text: templateOf([...marks, 'text'], 20_000) }),
])

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,64}$/)
  .refine(
    (name) => !/^(host|connection|content-length|content-type|transfer-encoding|expect)$/i.test(name),
    'is not yours to set',
  )

/** Where the answer says what became of it: names with dots between, or nothing for the whole answer as text. */
const Success = z.strictObject({
  path: z
    .string()
    .regex(/^[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/)
    .max(200),
  values: z.array(z.string().max(64)).min(1).max(16),
  /** Values after which the same may be sent again. */
  retryValues: z.array(z.string().max(64)).max(16).default([]),
  reasonPath: z.string().max(200).default(''),
})

const Options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  privateLine: z.boolean().default(false),
  method: z.enum(['POST', 'GET']).default('POST'),
  headers: z.record(HeaderName, templateOf(marks, 1_000).regex(/^[\x20-\x7e]*$/)).default({}),
  query: fields.default({}),
  body: Body.exactOptional(),
  user: z
    .string()
    .regex(/^[\x21-\x39\x3b-\x7e]{0,200}$/)
    .default(''),
  /** Absent = the HTTP status alone. */
  success: Success.exactOptional(),
  to: z
    .array(z.string().refine((text) => numberIn('0', text) !== null, 'is no Vietnamese number'))
    .max(mostPlaces)
    .default([]),
  /** Also to the numbers that a notice names in `NguoiNhan`. */
  toNamed: z.boolean().default(false),
  numberForm: z.enum(numberForms).default('84'),
  /** False = without marks: 160 letters a segment instead of 70. */
  diacritics: z.boolean().default(true),
  maxSegments: z.int().min(1).max(10).default(5),
  texts: textsOf(NoticeText),
  timeoutMs: z.int().min(1_000).max(120_000).default(20_000),
})

/** How one body is told by text message: the provider's own interface as data. */
export const SmsOptions = Options.refine(({ url, privateLine }) => privateLine || isPrivateLine(url), {
  path: ['url'],
  message: 'asks for https, or for privateLine on a network of the state',
}).refine(({ to, toNamed }) => to.length > 0 || toNamed, {
  path: ['to'],
  message: 'asks for a number, or for toNamed',
})

export type SmsOptions = z.infer<typeof SmsOptions>
