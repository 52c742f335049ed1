import { z } from 'zod'
import { AnswerAfter } from '../answer-after.ts'
import { Lookups } from '../dossiers/looking.ts'
import { privateAddresses } from '../payments/options.ts'

const path = z.string().min(1).max(500)

const taxCall = (name: string) =>
  z.strictObject({ path: path.default(`/${name}`), service: z.string().max(100).default(name) }).prefault({})

/** Where the forms of taxes go, and how each names its service. */
const Tax = z.strictObject({
  /** The province's controller; each `path` is put behind it as it stands. */
  url: z.url({ protocol: /^https?$/ }),
  notice: taxCall('ImportThongBaoThueFromDVCQG'),
  voucher: taxCall('ImportChungTuThueFromDVCQG'),
  /** Its spellings of success. */
  acceptedCodes: z.array(z.string().max(16)).min(1).max(8).default(['0', '00']),
})

export type TaxOptions = z.infer<typeof Tax>

/** How one province's façade, and its clients, differ from the others. Every default suits those that are known. */
export const FacadeOptions = z
  .strictObject({
    /** Where the body's own façade answers; each of `paths` is put behind it as it stands. */
    url: z.url({ protocol: /^https?$/ }).exactOptional(),
    tax: Tax.exactOptional(),
    /** Plain http to these addresses is a line that others cannot read, such as the state's own network. */
    privateLine: z.boolean().default(false),
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
    paths: z
      .strictObject({
        create: path.default('/ThemMoi'),
        update: path.default('/CapNhat'),
        progress: path.default('/DongBoTienTrinh'),
        /** Of promotions: supplements, and states. */
        supplement: path.default('/AddBSTBKM'),
        promotionState: path.default('/DongBoTrangThaiHoSoKM'),
      })
      .prefault({}),
    /** Steps of progress in one call. */
    stepsPerCall: z.int().min(1).max(200).default(10),
    /** How success is spelled to the body's client. */
    successCode: z.union([z.literal(0), z.literal('0'), z.literal('00')]).default('0'),
    /** Bytes of a file, or of a part of it, that `getfile` answers: its clients hold it whole, in base64. */
    mostFileBytes: z.int().min(1).max(209_715_200).default(20_971_520),
    answerAfter: AnswerAfter,
    lookups: Lookups,
    /** Last word of a path as the body's client writes it → the operation here. */
    operations: z.record(z.string().max(100), z.string().max(100)).default({}),
    /** `MaDinhDanhDV` as the body writes it → code in the directory. */
    units: z.record(z.string().max(200), z.string().max(64)).default({}),
    /** Name of a service `LayDanhMuc…` → the shared catalogue that it reads. */
    catalogs: z.record(z.string().max(100), z.string().max(32)).default({}),
  })
  .refine(({ url, tax, privateLine }) => privateAddresses.isRight({ privateLine }, url, tax?.url), {
    path: ['url'],
    ...privateAddresses.otherwise,
  })

export type FacadeOptions = z.infer<typeof FacadeOptions>

/** What a body without options of this dialect is met with. */
export const defaults: FacadeOptions = FacadeOptions.parse({})
