import { z } from 'zod'
import { AnswerAfter } from '../answer-after.ts'
import { credentialsAs } from '../bearer.ts'
import { isPrivateLine } from '../line.ts'

const address = z.url({ protocol: /^https?$/ })
const path = z.string().min(1).max(200)

/** How one agency's system of 2026 differs from the others (dvcqg §12). */
export const TokenRestOptions = z
  .strictObject({
    /** Where the agency's own API is: its calls lie below this address. */
    url: address.exactOptional(),
    /** Where its tokens are, if not below `url`. */
    tokenUrl: address.exactOptional(),
    /** Plain http to them is a line that others cannot read, such as the state's own network. */
    privateLine: z.boolean().default(false),
    /** Who we are there; the secret is `client-secret`. */
    clientId: z.string().min(1).max(200).exactOptional(),
    credentialsAs,
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
    /** Its calls below `url`. */
    paths: z
      .strictObject({
        token: path.default('token'),
        upload: path.default('Upload'),
        create: path.default('NoiHoSo'),
        progress: path.default('CapNhatTienTrinh'),
        state: path.default('CapNhatTrangThai'),
      })
      .prefault({}),
    /** Spellings of success in its answers, where they have a `code`. */
    acceptedCodes: z.array(z.string().max(16)).min(1).max(8).default(['200', '0', '00']),
    /** `LoaiDoiTuong` here → the national code: 0 citizen, 1 business, 2 household. */
    persons: z.record(z.string().max(4), z.string().max(4)).default({ '0': '1', '1': '2', '2': '4' }),
    /** How files of results go to its API: by link, or uploaded before the call and named by what the upload answered. */
    results: z.enum(['link', 'upload']).default('link'),
    /** What its create of a dossier that is known with other content is: refused, or an update. */
    createAgain: z.enum(['refuse', 'update']).default('refuse'),
    /** How its dossiers are numbered: 2018 four digits a day, 2026 seven a year. */
    numbering: z.enum(['2018', '2026']).default('2026'),
    answerAfter: AnswerAfter,
    /** A body's code as the agency writes it → code in the directory. */
    units: z.record(z.string().max(200), z.string().max(64)).default({}),
    /** Last part of a path as the agency calls it → its name here. */
    services: z.record(z.string().max(100), z.string().max(100)).default({}),
  })
  .refine(
    ({ url, tokenUrl, privateLine }) =>
      privateLine || [url, tokenUrl].every((one) => one === undefined || isPrivateLine(one)),
    { path: ['url'], message: 'asks for https, or for privateLine on a network of the state' },
  )

export type TokenRestOptions = z.infer<typeof TokenRestOptions>
