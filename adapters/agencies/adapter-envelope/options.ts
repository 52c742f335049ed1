import { z } from 'zod'
import { AnswerAfter } from '../answer-after.ts'
import { isPrivateLine } from '../line.ts'

/** How one agency's client of the adapter differs from the others. Every default suits the clients that are known. */
export const EnvelopeOptions = z
  .strictObject({
    /** Where dossiers for the agency are posted, whole: `http://…/VXPAdapter/RestService/forward/nhanhsdvcqg`. */
    url: z.url({ protocol: /^https?$/ }).exactOptional(),
    /** Plain http to `url` is a line that others cannot read, such as the state's own network. */
    privateLine: z.boolean().default(false),
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
    /** Spellings of success in the agency's own answers. */
    acceptedCodes: z.array(z.string().max(16)).min(1).max(8).default(['0', '00']),
    /** How success is spelled to the agency's client. */
    successCode: z.union([z.literal(0), z.literal('0'), z.literal('00')]).default(0),
    answerAfter: AnswerAfter,
    /** Whether answers are pure ASCII: some clients read them in the charset of their platform. */
    escape: z.boolean().default(true),
    /** `madonvi` as the agency writes it → code in the directory. */
    units: z.record(z.string().max(200), z.string().max(64)).default({}),
    /** Name of a service as the agency calls it → its name here. */
    services: z.record(z.string().max(100), z.string().max(100)).default({}),
    /** Name of a service `LayDanhMuc…` → the shared catalogue that it reads. */
    catalogs: z.record(z.string().max(100), z.string().max(32)).default({}),
  })
  .refine(({ url, privateLine }) => url === undefined || privateLine || isPrivateLine(url), {
    path: ['url'],
    message: 'asks for https, or for privateLine on a network of the state',
  })

export type EnvelopeOptions = z.infer<typeof EnvelopeOptions>

/** What an agency without options of this dialect is met with. */
export const defaults: EnvelopeOptions = EnvelopeOptions.parse({})
