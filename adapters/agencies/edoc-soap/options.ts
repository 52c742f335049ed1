import { z } from 'zod'
import { edxmlOptions } from '../edxml/options.ts'
import { isPrivateLine } from '../line.ts'

/** How one body of the e-doc bus differs from the others. */
export const EdocOptions = z
  .strictObject({
    ...edxmlOptions,
    profile: z.literal('soap').default('soap'),
    /** Where the bus is called; without it the body calls the gateway and pulls. */
    url: z.url({ protocol: /^https?$/ }).exactOptional(),
    /** Plain http to `url` is a line that others cannot read, such as the state's own network. */
    privateLine: z.boolean().default(false),
    timeoutMs: z.int().min(1_000).max(120_000).default(60_000),
    /** `OrganId` by which the bus knows the gateway; its `Token` is the body's secret `token`. */
    organId: z.string().min(1).max(64).exactOptional(),
    /** How the body is written to: by SOAP, or by REST, which carries bare edXML. */
    wire: z.enum(['soap', 'rest']).default('soap'),
    /** Seconds between two looks at what a bus holds; 0 = none. */
    pollSeconds: z.int().min(0).max(86_400).default(60),
    /** Whether the bus refuses a new document and a report that it has, so that one whose answer was lost is sent again. */
    tellsRepeats: z.boolean().default(true),
    /** Type of the part that holds the envelope: `text/xml` with attachments, or XOP. */
    packaging: z.enum(['swa', 'mtom']).default('swa'),
    /** The block of a status: as the bus calls it, or as edXML does. */
    statusElement: z.enum(['Status', 'MessageHeader']).default('Status'),
    /** Where that block stands: in the body, without a namespace, where the bus reads it; or in the header, as those of a letter. */
    statusPlace: z.enum(['body', 'header']).default('body'),
    /** Whether statuses wait among the pending documents too; a body that pulls by SOAP has them by `GetTraces` in any case. */
    statusesPend: z.boolean().default(false),
    /** Whether a letter's sender is told by a status 01 that a body which pulls has confirmed it, as the bus does by itself. */
    reportsArrival: z.boolean().default(true),
    /** What a sender is told its document is called: the bus's clients declare a `long`. */
    documentIds: z.enum(['number', 'uuid']).default('number'),
    /** How a bus is asked: by the elements that it reads, in no namespace, or by those of the description that this gateway gives. */
    requests: z.enum(['bare', 'described']).default('bare'),
    /** Whether a bus is asked for traces of letters, beside its documents. By REST its statuses are documents. */
    pollTraces: z.boolean().default(true),
    /** The shared catalogue that the organisations of a bus make up here, and how often it is asked for them; absent = it is not. */
    organisations: z
      .strictObject({
        catalog: z.string().min(1).max(32),
        everySeconds: z.int().min(3_600).max(2_592_000).default(86_400),
      })
      .exactOptional(),
  })
  .refine(({ url, privateLine }) => url === undefined || privateLine || isPrivateLine(url), {
    path: ['url'],
    message: 'asks for https, or for privateLine on a network of the state',
  })
  .refine(({ url, organId }) => url === undefined || organId !== undefined, {
    path: ['organId'],
    message: 'needed with url',
  })
  .refine(({ signatureProfile, wire }) => signatureProfile === 'axis' || wire === 'rest', {
    path: ['signatureProfile'],
    message: 'peer is for wire: rest: by SOAP, Signature carries the account',
  })

export type EdocOptions = z.infer<typeof EdocOptions>

/** What a body without options of this dialect is met with. */
export const defaults: EdocOptions = EdocOptions.parse({})
