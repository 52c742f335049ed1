import { z } from 'zod'
import { authenticationMethods } from './agency.ts'
import { GatewayError } from './errors.ts'
import { pathText } from './limits.ts'
import type { Header } from './message.ts'

const clockSkewMs = 10 * 60_000

const printable = (max: number) =>
  z
    .string({ error: 'not text' })
    .min(1, 'missing')
    .max(max, `longer than ${max} characters`)
    .refine((text) => text.trim() !== '' && !/[\p{Cc}\p{Cs}]/u.test(text), 'not printable')

/** Codes of both generations: `H49.05`, `H37.DN.001`, `000.00.00.G22`. */
const agencyCode = z
  .string({ error: 'not text' })
  .max(64, 'longer than 64 characters')
  .regex(/^[A-Z0-9]+(?:\.[A-Z0-9-]+)*$/, 'not the code of a body')

/** A recipient may also be an alias of the registry, such as `portal-core`. */
const recipient = z
  .string({ error: 'not text' })
  .max(64, 'longer than 64 characters')
  .regex(/^(?:[A-Z0-9]+(?:\.[A-Z0-9-]+)*|[a-z]+(?:-[a-z]+)*)$/, 'not the code of a body')

const moment = z.int({ error: 'not a time in milliseconds' }).min(0, 'not a time in milliseconds')

const headerSchema = z.object(
  {
    sender: agencyCode,
    senderRef: printable(128),
    recipients: z
      .array(recipient, { error: 'not a list' })
      .max(32, 'more than 32 recipients')
      .check(({ value, issues }) => {
        const index = value.findIndex((code, at) => value.indexOf(code) < at)
        if (index >= 0) issues.push({ code: 'custom', input: value, path: [index], message: 'named twice' })
      }),
    action: printable(64),
    conversationId: printable(128).optional(),
    refToMessageId: printable(128).optional(),
    sentAt: moment,
    expiresAt: moment.optional(),
    authenticatedBy: z
      .strictObject({ method: z.enum(authenticationMethods), credentialId: printable(128) })
      .optional(),
  },
  { error: 'not an object' },
)

/**
 * Judges a header at the moment `now` (ms) and returns it as given. The action is only held to its length: `parsePayload`
 * knows the table. Throws GatewayError `invalid_field` with the field, or `expired`.
 */
export function parseHeader(header: Header, now: number): Header {
  const [fault] = headerSchema.safeParse(header).error?.issues ?? []
  if (fault)
    throw new GatewayError('invalid_field', { field: pathText(fault.path, 'header'), reason: fault.message })
  if (header.sentAt > now + clockSkewMs)
    throw new GatewayError('invalid_field', { field: 'sentAt', reason: 'more than 10 minutes in the future' })
  if (header.expiresAt !== undefined && header.expiresAt <= now)
    throw new GatewayError('expired', { field: 'expiresAt' })
  return header
}
