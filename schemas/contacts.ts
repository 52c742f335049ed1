import { z } from 'zod'

const Contact = z.strictObject({
  name: z.string().trim().min(1).max(200),
  email: z.email().max(200).optional(),
  phone: z
    .string()
    .regex(/^\+?[0-9 .()-]{6,30}$/, 'not a telephone number')
    .optional(),
})

const people = z.array(Contact).max(10).default([])

/** Whom to call at a body, by what it is about (QC25 Art. 30.1, 32.4). Personal data. */
export const Contacts = z.strictObject({ technical: people, business: people, reconciliation: people })
export type Contacts = z.infer<typeof Contacts>
