import { z } from 'zod'
import { NoticeText, textsOf } from '../notices/notice.ts'
import { mostPlaces } from '../notices/people.ts'

const addresses = z.array(z.email().max(200)).max(mostPlaces).default([])

/** How one body is told by mail. */
export const EmailOptions = z
  .strictObject({
    /** `smtps://host[:port]`, or `smtp://host[:port]`, where STARTTLS is asked for. Without user and password. */
    url: z
      .url({ protocol: /^smtps?$/ })
      .refine((url) => new URL(url).username === '', 'asks for no user; see `user`'),
    /** The address that mails come from. */
    from: z.email().max(200),
    to: addresses,
    /** Also to the addresses that a notice names in `NguoiNhan`, who do not see each other's. */
    toNamed: z.boolean().default(false),
    /** Logs in with the secret `smtp`; nobody logs in without it. */
    user: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^:\p{Cc}]+$/u)
      .exactOptional(),
    /** Subject and text instead of the usual, by action. */
    texts: textsOf(z.strictObject({ subject: NoticeText, text: NoticeText })),
    timeoutMs: z.int().min(1_000).max(120_000).default(30_000),
  })
  .refine(({ to, toNamed }) => to.length > 0 || toNamed, {
    path: ['to'],
    message: 'asks for an address, or for toNamed',
  })

export type EmailOptions = z.infer<typeof EmailOptions>
