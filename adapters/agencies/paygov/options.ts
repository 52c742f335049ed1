import { z } from 'zod'
import { DateStyle } from '../payments/dates.ts'
import { address, paymentOptions, privateAddresses } from '../payments/options.ts'

/** Fields of a callback in the order in which it has them (dvcqg §9.4). */
const callbackFields = [
  ...['amount', 'orderId', 'orderInfo', 'requestCode', 'transactionNo', 'payDate', 'payGate', 'errorCode'],
  ...['type', 'transactionCode'],
]

/** How one province's PayGov tells of payments. No source shows how its checksum is made: the defaults are a proposal. */
export const PaygovOptions = z
  .strictObject({
    ...paymentOptions,
    /** Where the body takes callbacks. */
    callbackUrl: address,
    /** Fields over which checksum is made, in their order. */
    checksumFields: z.array(z.string().min(1).max(50)).min(1).max(20).default(callbackFields),
    checksumRule: z.enum(['sha256', 'hmac']).default('hmac'),
    /** How success is spelled to the body. */
    successCode: z.enum(['00', '0']).default('00'),
    dateStyle: DateStyle,
  })
  .refine((options) => privateAddresses.isRight(options, options.callbackUrl), {
    path: ['callbackUrl'],
    ...privateAddresses.otherwise,
  })

export type PaygovOptions = z.infer<typeof PaygovOptions>
