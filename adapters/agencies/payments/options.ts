import { z } from 'zod'
import { isPrivateLine } from '../line.ts'

/** What every dialect of payments asks of a body's options. */
export const paymentOptions = {
  /** Plain http to its addresses is a line that others cannot read, such as the state's own network. */
  privateLine: z.boolean().default(false),
  timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
  /** Spellings of success in the body's own messages. */
  acceptedCodes: z.array(z.string().max(16)).min(1).max(8).default(['00', '0']),
  /** The answer to a second MaGiaoDich, or another amount, of one payment: stored and a case in any case. */
  secondAnswer: z.enum(['accept', 'refuse']).default('accept'),
  /** The body that payments are asked of; the portal core where none is named. */
  handledBy: z.string().max(64).exactOptional(),
}

export const address = z.url({ protocol: /^https?$/ }).exactOptional()

/** What is wrong with the addresses of a body, for zod. */
export const privateAddresses = {
  isRight: (options: { readonly privateLine: boolean }, ...urls: readonly (string | undefined)[]): boolean =>
    options.privateLine || urls.every((url) => url === undefined || isPrivateLine(url)),
  otherwise: { message: 'asks for https, or for privateLine on a network of the state' },
}
