import { z } from 'zod'
import { FileHosts } from '../../schemas/links.ts'
import { MomentShape } from '../../schemas/shapes.ts'

/** The gateway's own people, and the administrators of bodies: who may look. */
export const onlookers = ['admin', 'operator', 'auditor', 'agency-admin'] as const
export const people = ['admin', 'operator', 'auditor'] as const

export const Reason = z.string().trim().min(1).max(500)
export const PartyClass = z.enum(['state', 'company'])
export const Status = z.enum(['testing', 'live', 'suspended'])
export const Use = z.enum(['sign', 'encrypt'])
export const Fingerprint = z.hex().length(64).toLowerCase()

/** Codes of both generations: `H49.05`, `000.00.00.G22`. */
export const AgencyCode = z
  .string()
  .max(64)
  .regex(/^[A-Z0-9]+(?:\.[A-Z0-9-]+)*$/, 'not the code of a body')

export const ByCode = z.object({ code: AgencyCode })

/** What an administrator writes of a body. */
export const AgencyDraft = z.strictObject({
  name: z.string().trim().min(1).max(200),
  partyClass: PartyClass,
  testRecipient: z.boolean().optional(),
  parent: AgencyCode.optional(),
  successor: AgencyCode.optional(),
  retiredAt: MomentShape.optional(),
  dialect: z.string().max(64),
  options: z.record(z.string(), z.unknown()).default({}),
  networks: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .max(32)
    .optional(),
  fileHosts: FileHosts.optional(),
})

export const AgencyShape = z
  .object({
    ...AgencyDraft.shape,
    code: z.string(),
    status: Status,
    options: z.record(z.string(), z.unknown()),
    liveSince: MomentShape.optional(),
  })
  .meta({ id: 'Agency' })

const Warning = z.object({ fingerprint: z.string(), use: Use, validTo: z.int(), daysLeft: z.int() })

export const AgencyView = z
  .object({
    agency: AgencyShape,
    etag: z.string(),
    aliases: z.array(z.string()),
    warnings: z
      .array(Warning)
      .meta({ description: 'Chứng thư sắp hết hạn · Certificates that end within 30 days' }),
  })
  .meta({ id: 'AgencyView' })

export const CertificateShape = z
  .object({
    fingerprint: z.string(),
    use: Use,
    subject: z.string(),
    issuer: z.string(),
    validFrom: z.int(),
    validTo: z.int(),
    daysLeft: z.int(),
    fault: z.string().nullable(),
    pem: z.string(),
  })
  .meta({ id: 'AgencyCertificate' })

export const TrustRootShape = z
  .object({
    fingerprint: z.string(),
    partyClass: PartyClass,
    subject: z.string(),
    validFrom: z.int(),
    validTo: z.int(),
    pem: z.string(),
  })
  .meta({ id: 'TrustRoot' })

/** Leaves out what was not given: rows hold no `undefined`. */
export function given<T extends object>(value: T): { [Name in keyof T]: Exclude<T[Name], undefined> } {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(entries) as { [Name in keyof T]: Exclude<T[Name], undefined> }
}
