import { z } from 'zod'
import { AnswerAfter } from '../answer-after.ts'
import { accessOptions } from '../lgsp-access.ts'
import { isPrivateLine } from '../line.ts'

const address = z.url({ protocol: /^https?$/ })
const word = z.string().min(1).max(200)

/** How one integration platform (LGSP), or one of its clients, differs from the others (dvcqg §14.1). */
export const LgspOptions = z
  .strictObject({
    /** `consumer_adapter`: its calls lie below this address. */
    url: address.exactOptional(),
    /** `server_url`, where `/token` is, if that is not `url`. */
    serverUrl: address.exactOptional(),
    /** Plain http to them is a line that others cannot read, such as the state's own network. */
    privateLine: z.boolean().default(false),
    /** Who we are there; the secret is `client-secret`. */
    clientId: word.exactOptional(),
    /** `headers`: by `lgspaccesstoken` alone. */
    credentialsAs: z.enum(['form', 'basic', 'headers']).default('form'),
    ...accessOptions,
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
    /** Values of `Status` that mean success. */
    acceptedCodes: z.array(z.string().max(16)).min(1).max(8).default(['200', '201', '0', '00', '1']),
    /** Rows of one message in a call; 1 = each by itself. */
    rowsPerCall: z.int().min(1).max(100).default(10),
    /** How it writes dates. */
    dates: z.enum(['yyyyMMddHHmmss', 'yyyy-MM-dd HH:mm:ss', 'iso']).default('yyyyMMddHHmmss'),
    /** `ApplicantsType` there → LoaiDoiTuong: 1 citizen, 2 business, 3 organisation, 4 other. */
    persons: z
      .record(z.string().max(4), z.string().max(4))
      .default({ '1': '1', '2': '2', '3': '3', '4': '4' }),
    answerAfter: AnswerAfter,
  })
  .refine(
    ({ url, serverUrl, privateLine }) =>
      privateLine || [url, serverUrl].every((one) => one === undefined || isPrivateLine(one)),
    { path: ['url'], message: 'asks for https, or for privateLine on a network of the state' },
  )

export type LgspOptions = z.infer<typeof LgspOptions>
