import { z } from 'zod'
import type { Registry } from './agency.ts'
import { FileHosts } from './links.ts'

const Code = z.string().min(1).max(64)
const Lists = z.record(z.string(), z.array(z.string()))
const PartyClass = z.enum(['state', 'company'])

const AgencyRow = z.strictObject({
  code: Code,
  name: z.string().max(200),
  partyClass: PartyClass,
  status: z.enum(['testing', 'live', 'suspended']),
  liveSince: z.number().optional(),
  testRecipient: z.boolean().optional(),
  parent: Code.optional(),
  successor: Code.optional(),
  retiredAt: z.number().optional(),
  dialect: z.string(),
  options: z.record(z.string(), z.unknown()).default({}),
  networks: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .max(32)
    .optional(),
  fileHosts: FileHosts.optional(),
})

const Fingerprint = z.hex().length(64).toLowerCase()

/** A registry as a file holds it. */
export const RegistryContent = z.strictObject({
  agencies: z.array(AgencyRow),
  aliases: Lists,
  certificates: z.array(
    z.strictObject({
      agency: Code,
      fingerprint: Fingerprint,
      use: z.enum(['sign', 'encrypt']),
      pem: z.string(),
    }),
  ),
  trustRoots: z.array(z.strictObject({ partyClass: PartyClass, pem: z.string() })),
  grants: Lists,
  subscriptions: Lists,
})

/** The same as the registry knows it: zod writes `undefined` into optional fields' types, JSON never holds it. */
export function contentOf(content: z.infer<typeof RegistryContent>): Omit<Registry, 'version'> {
  return content as Omit<Registry, 'version'>
}
