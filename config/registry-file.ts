import { z } from 'zod'
import { dialects } from '../adapters/agencies/index.ts'
import type { CredentialRow } from '../adapters/store/store.ts'
import { roles, type Registry } from '../schemas/agency.ts'

const Code = z.string().min(1).max(64)
const Lists = z.record(z.string(), z.array(z.string()))
const PartyClass = z.enum(['state', 'company'])

const AgencyRow = z.strictObject({
  code: Code,
  name: z.string().max(200),
  partyClass: PartyClass,
  status: z.enum(['testing', 'live', 'suspended']),
  parent: Code.optional(),
  successor: Code.optional(),
  retiredAt: z.number().optional(),
  dialect: z.string(),
  options: z.record(z.string(), z.unknown()).default({}),
  networks: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .max(32)
    .optional(),
})

const RegistryFile = z.strictObject({
  registry: z.strictObject({
    agencies: z.array(AgencyRow),
    aliases: Lists,
    certificates: z.array(
      z.strictObject({
        agency: Code,
        fingerprint: z.string(),
        use: z.enum(['sign', 'encrypt']),
        pem: z.string(),
      }),
    ),
    trustRoots: z.array(z.strictObject({ partyClass: PartyClass, pem: z.string() })),
    grants: Lists,
    subscriptions: Lists,
  }),
  credentials: z.array(
    z.strictObject({
      id: z.uuid(),
      person: z.string().min(1).max(200).nullable().default(null),
      agency: Code.nullable(),
      roles: z.array(z.enum(roles)),
      validFrom: z.number(),
      validTo: z.number(),
      secretHash: z.hex().length(64),
    }),
  ),
})

export interface RegistryImport {
  readonly registry: Omit<Registry, 'version'>
  readonly credentials: readonly (CredentialRow & { readonly secretHash: Uint8Array })[]
}

/** Reads a registry file. Throws an Error that names the row at fault; options are checked by the dialect's own schema. */
export function readRegistryFile(text: string): RegistryImport {
  const parsed = RegistryFile.safeParse(JSON.parse(text))
  if (!parsed.success) throw new Error(`REGISTRY_FILE: ${z.prettifyError(parsed.error)}`)
  const { registry, credentials } = parsed.data
  for (const { code, dialect: name, options } of registry.agencies) {
    const dialect = dialects.get(name)
    if (dialect === undefined)
      throw new Error(`REGISTRY_FILE: ${code} speaks ${name}, which is no dialect here`)
    const checked = dialect.options.safeParse(options)
    if (!checked.success)
      throw new Error(`REGISTRY_FILE: options of ${code}: ${z.prettifyError(checked.error)}`)
  }
  return {
    registry: registry as RegistryImport['registry'], // zod writes `undefined` into optional fields' types
    credentials: credentials.map((row) => ({ ...row, secretHash: Buffer.from(row.secretHash, 'hex') })),
  }
}
