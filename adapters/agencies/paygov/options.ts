import { z } from 'zod'
import { credentialsAs } from '../bearer.ts'
import { accessOptions } from '../lgsp-access.ts'
import { DateStyle } from '../payments/dates.ts'
import { address, paymentOptions, privateAddresses } from '../payments/options.ts'

/** Fields of a callback in the order in which it has them (dvcqg §9.4). */
const callbackFields = [
  ...['amount', 'orderId', 'orderInfo', 'requestCode', 'transactionNo', 'payDate', 'payGate', 'errorCode'],
  ...['type', 'transactionCode'],
]

const word = z.string().min(1).max(200)
const checksumFields = z.array(z.string().min(1).max(50)).min(1).max(20)

/**
 * Where the province's PayGov creates payments, behind its LGSP (dvcqg §9.4). Which fields a province asks for beside the common ones,
 * and over which its checksum is made, it says itself.
 */
const Request = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  /** Where the LGSP gives tokens; the secret is `client-secret`. */
  tokenUrl: z.url({ protocol: /^https?$/ }),
  clientId: word,
  credentialsAs,
  ...accessOptions,
  /** `partnerCode`; MaDoiTac of the request where none is named. */
  partnerCode: word.exactOptional(),
  /** Where the payer comes back to, with `{MaThamChieu}` in it if need be. */
  returnUrl: z.string().min(1).max(500),
  accessKey: word.exactOptional(),
  serviceCode: word.exactOptional(),
  /** Fields over which its checksum is made, in their order; without them there is none. */
  checksumFields: checksumFields.exactOptional(),
})

export type RequestOptions = z.infer<typeof Request>

/** How one province's PayGov takes requests and tells of payments. No source shows how its checksum is made: the defaults are a proposal. */
export const PaygovOptions = z
  .strictObject({
    ...paymentOptions,
    /** Where the body takes callbacks. */
    callbackUrl: address,
    request: Request.exactOptional(),
    /** Fields over which checksum of a callback is made, in their order. */
    checksumFields: checksumFields.default(callbackFields),
    checksumRule: z.enum(['sha256', 'hmac']).default('hmac'),
    /** How success is spelled to the body. */
    successCode: z.enum(['00', '0']).default('00'),
    dateStyle: DateStyle,
  })
  .refine(
    (options) =>
      privateAddresses.isRight(options, options.callbackUrl, options.request?.url, options.request?.tokenUrl),
    { path: ['callbackUrl'], ...privateAddresses.otherwise },
  )

export type PaygovOptions = z.infer<typeof PaygovOptions>
