import { z } from 'zod'
import { isAction } from '../../../schemas/actions.ts'
import { isPrivateLine } from '../line.ts'
import { Fields, ElementName, FieldPath } from './fields.ts'
import { misfits } from './wsdl-check.ts'

const Address = z.url({ protocol: /^https?$/ })
const Words = z.string().max(200)

/**
 * What a code, a word or a fault in an answer means. `known`: the recipient has it already. `fault`: its configuration or ours is
 * broken, so the backlog waits.
 */
const Meaning = z.enum(['delivered', 'processed', 'known', 'refused', 'retry', 'fault'])
export type Meaning = z.infer<typeof Meaning>

/** One call of the recipient, for one action. */
const Operation = z.strictObject({
  name: ElementName,
  /** `SOAPAction`; that of the WSDL, else namespace/name. */
  soapAction: z.string().max(500).exactOptional(),
  /** `one`: paths begin at the only row of a batch, and a batch of several is reported. `all`: they begin at the payload. */
  rows: z.enum(['one', 'all']).default('one'),
  fields: Fields,
  /** Payload paths that the operation has no element for, with all below them; `*` = whatever is not mapped. What is neither mapped nor here is reported. */
  leaves: z
    .array(z.union([FieldPath, z.literal('*')]))
    .max(200)
    .default([]),
  /** Elements of the operation that hold a secret of the body, such as a password among the parameters: element → name of the secret. */
  secrets: z.record(ElementName, z.string().max(64)).default({}),
})
export type Operation = z.infer<typeof Operation>

/** How the recipient knows the gateway; the password is the body's secret `password`. */
const Security = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('username-token'),
    username: z.string().min(1).max(200),
    /** `digest`: with a nonce and the time, as WS-Security has it. */
    password: z.enum(['text', 'digest']).default('digest'),
    timestamp: z.boolean().default(false),
    mustUnderstand: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('basic'), username: z.string().min(1).max(200) }),
])
export type Security = z.infer<typeof Security>

/** A block of the SOAP header, such as `AuthHeader`: each element a fixed text or the value of a secret. */
const HeaderBlock = z.strictObject({
  name: ElementName,
  namespace: z.string().max(500),
  fields: z.record(ElementName, z.union([Words, z.strictObject({ secret: z.string().max(64) })])),
})
export type HeaderBlock = z.infer<typeof HeaderBlock>

/** How an answer is read. Paths are of elements below the one in the body. */
const Answer = z.strictObject({
  /** The element whose text is JSON, in which the paths below begin. */
  json: FieldPath.exactOptional(),
  code: FieldPath,
  message: FieldPath.exactOptional(),
  codes: z.record(Words, Meaning).default({ '0': 'delivered', '00': 'delivered' }),
  /** Words of the message, whatever their case, for codes that are not listed. */
  words: z.record(Words, Meaning).default({}),
  otherwise: Meaning.default('refused'),
})
export type Answer = z.infer<typeof Answer>

const forbidden =
  /<!(?:DOCTYPE|ENTITY)|<(?:[\w.-]+:)?(?:import|include|redefine)\b[^>]*\s(?:schemaLocation|location)\s*=/i

const Wsdl = z
  .string()
  .max(256 * 1024)
  .refine((text) => !forbidden.test(text), 'one text with the schemas inside, without DOCTYPE')

/** A ministry's own SOAP service as data. */
export const SoapOptions = z
  .strictObject({
    url: Address,
    /** Plain http to `url` is a line that others cannot read, such as the state's own network. */
    privateLine: z.boolean().default(false),
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
    soap: z.enum(['1.1', '1.2']).default('1.1'),
    /** The service's description: it orders and names elements below the operation's own; its addresses are not used. Without it `namespace` and the order of the fields say all. */
    wsdl: Wsdl.exactOptional(),
    namespace: z.string().min(1).max(500).exactOptional(),
    operations: z.partialRecord(z.string().refine(isAction, 'no action'), Operation),
    security: Security.exactOptional(),
    header: HeaderBlock.exactOptional(),
    /** Without it any answer in SOAP that is no fault is a success. */
    answer: Answer.exactOptional(),
    /** Meaning of a fault by its code, without prefix; SOAP 1.2: the inner code first. */
    faults: z.record(Words, Meaning).default({}),
    /** Where in a fault the recipient's own code stands, such as `detail.Loi.Ma`; it goes before those of SOAP. */
    faultCode: FieldPath.exactOptional(),
    /** Words of a fault's text, whatever their case, for codes that are not in `faults`. */
    faultWords: z.record(Words, Meaning).default({}),
    /** The recipient tells repeats apart, such as by `$id`: a lost answer is asked for again, else left in doubt. */
    repeatable: z.boolean().default(false),
  })
  .refine(({ wsdl, namespace }) => wsdl !== undefined || namespace !== undefined, {
    path: ['namespace'],
    message: 'needed without wsdl',
  })
  .refine(({ url, privateLine }) => privateLine || isPrivateLine(url), {
    path: ['url'],
    message: 'asks for https, or for privateLine on a network of the state',
  })
  .superRefine(({ wsdl, operations }, context) => {
    for (const { path, message } of wsdl === undefined ? [] : misfits(wsdl, operations))
      context.addIssue({ code: 'custom', path: [...path], message })
  })

export type SoapOptions = z.infer<typeof SoapOptions>
