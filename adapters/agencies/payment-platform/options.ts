import { z } from 'zod'
import type { MarkRule } from '../../../signing/joined-mark.ts'
import { AnswerAfter } from '../answer-after.ts'
import { Place } from '../dossiers/looking.ts'
import { DateStyle } from '../payments/dates.ts'
import { address, paymentOptions, privateAddresses } from '../payments/options.ts'

/** How one partner speaks the messages of the payment platform, be it an agency, a bank or the platform itself. */
export const PlatformOptions = z
  .strictObject({
    ...paymentOptions,
    /** Where the platform takes INIT, QUERY and GET_BILL. */
    platformUrl: address,
    /** Where the agency takes CONFIRM. */
    confirmUrl: address,
    /** MaDoiTac of the gateway at the body, where it is not that of each agency. */
    partnerCode: z.string().min(1).max(50).exactOptional(),
    /** How MaXacThuc is made: the newer rule, the older one, or either from the body and the newer one to it. */
    hashRule: z.enum(['sha256', 'hmac', 'either']).default('either'),
    /** How success is spelled to the body. */
    successCode: z.enum(['00', '0']).default('00'),
    dateStyle: DateStyle,
    /** Where a payer is sent, with `{MaThamChieu}` in it. */
    paymentUrl: z.string().max(500).exactOptional(),
    /** Receipts as a link in JSON, as the way to the PDF, or as its bytes where it is stored here. */
    receipt: z.enum(['json', 'redirect', 'pdf']).default('json'),
    /** INIT answered directly, or as JSON text within an answer of a façade. */
    answerForm: z.enum(['direct', 'facade']).default('direct'),
    /**
     * What the answer to an INIT waits for: with `delivered` it has the UrlThanhToan that the platform gives within 20 s, or says that
     * there is none.
     */
    answerAfter: AnswerAfter,
    /** Where an agency's QUERY and GET_BILL are answered: here, or by the body that was asked for the payment. */
    lookups: z.strictObject({ QUERY: Place, GET_BILL: Place }).prefault({}),
    /**
     * Whether the platform marks its answers to QUERY as it marks CONFIRM. No source shows it: `none` takes its word for the address
     * that it came from, and money is then proved by TLS alone.
     */
    queryMark: z.enum(['required', 'none']).default('required'),
  })
  .refine((options) => privateAddresses.isRight(options, options.platformUrl, options.confirmUrl), {
    path: ['platformUrl'],
    ...privateAddresses.otherwise,
  })

export type PlatformOptions = z.infer<typeof PlatformOptions>

/** Rules by which a mark of the body may be made; the first is used towards it. */
export const rulesOf = ({
  hashRule,
}: Pick<PlatformOptions, 'hashRule'>): readonly [MarkRule, ...MarkRule[]] =>
  hashRule === 'either' ? ['sha256', 'hmac'] : [hashRule]
