import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { isAction } from '../schemas/actions.ts'
import { errors, type ErrorCode } from '../schemas/errors.ts'
import type { Json, Payload } from '../schemas/message.ts'
import { parsePayload } from '../schemas/parse.ts'

/** What is done to a message on purpose before it is sent. */
export const faultNames = [
  'tampered',
  'weak-algorithm',
  'unknown-certificate',
  'doctype',
  'not-xml',
  'wrong-recipient',
  'wrong-api-key',
] as const

const JsonValue: z.ZodType<Json> = z.json()
const Code = z.string().min(1)

const SampleFile = z.strictObject({
  /** One Vietnamese sentence: what happens here. */
  title: z.string(),
  from: Code,
  action: z.string().refine(isAction, 'not in the table of actions'),
  /** Codes or aliases; without it the table of actions decides. */
  recipients: z.array(Code).optional(),
  expect: z.union([
    z.literal('accepted'),
    z.literal('repeat'),
    z.strictObject({ refused: z.custom<ErrorCode>((value) => Object.hasOwn(errors, String(value))) }),
  ]),
  /** Bodies that an accepted message must reach, in any order. */
  deliveredTo: z.array(Code).optional(),
  fault: z.enum(faultNames).optional(),
  /** Encrypt to the gateway. */
  seal: z.boolean().optional(),
  expiresInSeconds: z.int().optional(),
  /** Sample whose message this one answers. */
  refersTo: z.string().optional(),
  /** Sent by its body when it receives what it refers to, not in its turn. */
  onDelivery: z.literal(true).optional(),
  /** Sample whose reference this one uses again; without a payload also its content and recipients. */
  sameReferenceAs: z.string().optional(),
  /** What a recipient answers; without it, `processed`. */
  recipientAnswers: z
    .record(Code, z.strictObject({ outcome: z.literal('refused'), reason: z.string() }))
    .optional(),
  payload: z.record(z.string(), JsonValue).optional(),
})

export type Fault = (typeof faultNames)[number]

/** One message of the sample traffic, with what is expected of it. */
export type Sample = Readonly<z.infer<typeof SampleFile>> & {
  /** Its file without `.json`. */
  readonly name: string
  readonly payload: Payload
}

const folder = fileURLToPath(new URL('../docs/samples/', import.meta.url))

/** Reads the sample traffic in the order of its file names. Throws an Error that names the file at fault. */
export function readSamples(): readonly Sample[] {
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()
  const files = new Map(names.map((name) => [name, readSample(name)]))
  return names.map((name) => ({ name, ...complete(name, files) }))
}

type Read = z.infer<typeof SampleFile>

function readSample(name: string): Read {
  const parsed = SampleFile.safeParse(JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')))
  if (!parsed.success) throw new Error(`docs/samples/${name}.json: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

/** A sample that repeats another takes its content from there. */
function complete(name: string, files: ReadonlyMap<string, Read>): Read & { payload: Payload } {
  const sample = files.get(name)
  const other = files.get(sample?.sameReferenceAs ?? sample?.refersTo ?? name)
  if (sample === undefined || other === undefined)
    throw new Error(`docs/samples/${name}.json: names a sample that is not there`)
  const payload = sample.payload ?? other.payload
  if (payload === undefined) throw new Error(`docs/samples/${name}.json: has no payload`)
  const recipients =
    sample.recipients ?? (sample.sameReferenceAs === undefined ? undefined : other.recipients)
  return { ...sample, ...(recipients === undefined ? {} : { recipients }), payload }
}

/** What a sample is about, such as its MaHoSo; its title where its payload does not say. */
export function subjectOf({ action, payload, title }: Sample): string {
  try {
    return parsePayload(action, payload).subjectKey || title
  } catch {
    return title // a sample that is to be refused may have a payload that cannot be read
  }
}
