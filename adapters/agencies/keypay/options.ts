import { z } from 'zod'
import { address, paymentOptions, privateAddresses } from '../payments/options.ts'

/** How one partner speaks KeyPay v3. */
export const KeypayOptions = z
  .strictObject({
    ...paymentOptions,
    /** Where KeyPay takes the creation of a payment. */
    createUrl: address,
    /** Where the agency takes the result: `http://…/o/pgi/kpdvcqg/paymentconfirm`. */
    callbackUrl: address,
    /** client_id of the gateway at the body, where it is not that of each agency. */
    clientId: z.string().min(1).max(50).exactOptional(),
    /** Where a payer is sent, with `{transaction_id}` in it. */
    paymentUrl: z.string().max(500).exactOptional(),
  })
  .refine((options) => privateAddresses.isRight(options, options.createUrl, options.callbackUrl), {
    path: ['createUrl'],
    ...privateAddresses.otherwise,
  })

export type KeypayOptions = z.infer<typeof KeypayOptions>
