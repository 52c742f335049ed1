import { z } from 'zod'
import { isPrivateLine } from '../line.ts'

/** The public postal service goes over TLS alone (dvcqg §14.4). */
const address = z
  .url({ protocol: /^https?$/ })
  .refine(isPrivateLine, 'asks for https')
  .exactOptional()

const bodyCode = z.string().min(1).max(64)

/** How one body is met: the postal service as a server, or a body whose client speaks to it as if we were that. */
export const VnpostOptions = z.strictObject({
  /** `ngsp`: Authorization, and 201 for success. `td`: the header access_token, FlagConfig 2, and Status "100". */
  variant: z.enum(['ngsp', 'td']).default('ngsp'),
  tokenUrl: address,
  orderUrl: address,
  /** Where orders to collect papers go; without it they are reported. */
  collectUrl: address,
  cancelUrl: address,
  trackingUrl: address,
  /** Consumer key; its secret is the secret `vnpost`. */
  key: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[\x21-\x39\x3b-\x7e]+$/)
    .exactOptional(),
  tokenType: z
    .string()
    .regex(/^[A-Za-z]{1,20}$/)
    .default('Bearer'),
  /** Body → its CustomerCode at the postal service. */
  customers: z.record(bodyCode, z.string().min(1).max(50)).default({}),
  /** Seconds between two looks at the tracking list; 0 = none. */
  trackEverySeconds: z.int().min(0).max(86_400).default(0),
  pageSize: z.int().min(10).max(500).default(200),
  timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
  /** For a body whose client calls here: the postal body that its orders go to; absent = the subscribers. */
  carrier: bodyCode.exactOptional(),
})

export type VnpostOptions = z.infer<typeof VnpostOptions>
