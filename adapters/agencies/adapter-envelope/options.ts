import { z } from 'zod'
import { AnswerAfter } from '../answer-after.ts'
import { CourtFeeStates } from '../dossiers/court-fees.ts'
import { Lookups } from '../dossiers/looking.ts'
import { isPrivateLine } from '../line.ts'
import { PortalPoll } from './poll-options.ts'

const Url = z.url({ protocol: /^https?$/ })
const Path = z.string().max(500).startsWith('/')
const Codes = z.array(z.string().max(16)).min(1).max(8)

/** The portal as a server of this dialect: its bodies' messages are pushed to it by the services of §3 to §8. */
const Portal = z.strictObject({
  /** The adapter's address, up to and with `forward`. */
  url: Url,
  /** What is appended for a login, for services that push, and for those that look up; with a query if need be. */
  loginPath: Path.default('/mapi/login'),
  servicePath: Path.default('/mapi/g'),
  sharePath: Path.default('/mapi/g'),
  /** X-Road client id of the provider, as a header. */
  dstcode: z.string().max(200).default(''),
  /** The account; its secret is `portal-password`. */
  username: z.string().min(1).max(200),
  /** How long a session is used; the portal's own life of it is not known (dvcqg §2.3). */
  sessionMinutes: z.int().min(1).max(1_440).default(10),
  /** Codes by which it says that a session is over. */
  expiredCodes: Codes.default(['401']),
  /** Codes by which it asks for patience; every other code but success refuses the message. */
  retryCodes: Codes.default(['429', '500', '503']),
  poll: PortalPoll.exactOptional(),
})

/** How one agency's client of the adapter differs from the others. Every default suits the clients that are known. */
export const EnvelopeOptions = z
  .strictObject({
    /** Where dossiers for the agency are posted, whole: `http://…/VXPAdapter/RestService/forward/nhanhsdvcqg`. */
    url: Url.exactOptional(),
    /** Where requests to pay taxes are posted: `…/nhantbthuedvcqg`. */
    taxUrl: Url.exactOptional(),
    /** Where dossiers of `promotionProcedures` are posted: `…/addtthcKhuyenMai`. */
    promotionUrl: Url.exactOptional(),
    /** Where supplements to notices of promotions are posted: `…/AddBSTBKM`. */
    supplementUrl: Url.exactOptional(),
    /** MaTTHC of notices of promotions, without the suffix of an agency. */
    promotionProcedures: z.array(z.string().max(64)).max(32).default([]),
    /** Where the agency is asked for a dossier: `…/search/call`. */
    searchUrl: Url.exactOptional(),
    portal: Portal.exactOptional(),
    /** Plain http to these addresses is a line that others cannot read, such as the state's own network. */
    privateLine: z.boolean().default(false),
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
    /** Spellings of success in the agency's own answers. */
    acceptedCodes: Codes.default(['0', '00', '200']),
    /** How success is spelled to the agency's client. */
    successCode: z.union([z.literal(0), z.literal('0'), z.literal('00')]).default(0),
    answerAfter: AnswerAfter,
    lookups: Lookups,
    /** What the agency's values of `TRANGTHAITHANHTOAN` mean; without it `CapNhatAnPhi` is refused. */
    courtFeeStates: CourtFeeStates.exactOptional(),
    /** Whether answers are pure ASCII: some clients read them in the charset of their platform. */
    escape: z.boolean().default(true),
    /** `madonvi` as the agency writes it → code in the directory. */
    units: z.record(z.string().max(200), z.string().max(64)).default({}),
    /** Name of a service as the agency calls it → its name here. */
    services: z.record(z.string().max(100), z.string().max(100)).default({}),
    /** Name of a service `LayDanhMuc…` → the shared catalogue that it reads. */
    catalogs: z.record(z.string().max(100), z.string().max(32)).default({}),
  })
  .refine((options) => options.privateLine || addressesIn(options).every(isPrivateLine), {
    path: ['url'],
    message: 'an address asks for https, or for privateLine on a network of the state',
  })

type Addresses = Readonly<
  Record<'url' | 'taxUrl' | 'promotionUrl' | 'supplementUrl' | 'searchUrl', string | undefined>
>

const addressesIn = ({
  url,
  taxUrl,
  promotionUrl,
  supplementUrl,
  searchUrl,
  portal,
}: Partial<Addresses> & { readonly portal?: { readonly url: string } }): readonly string[] =>
  [url, taxUrl, promotionUrl, supplementUrl, searchUrl, portal?.url].filter(
    (address) => address !== undefined,
  )

export type EnvelopeOptions = z.infer<typeof EnvelopeOptions>
/** Whether its messages are pushed: else it reads what is for it by its look-ups. */
export const hasAddress = ({ url, taxUrl, promotionUrl, supplementUrl, portal }: EnvelopeOptions): boolean =>
  [url, taxUrl, promotionUrl, supplementUrl, portal].some((address) => address !== undefined)

export type PortalOptions = NonNullable<EnvelopeOptions['portal']>

/** What an agency without options of this dialect is met with. */
export const defaults: EnvelopeOptions = EnvelopeOptions.parse({})
