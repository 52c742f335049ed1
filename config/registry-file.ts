import { z } from 'zod'
import { dialects } from '../adapters/agencies/index.ts'
import type { CredentialRow } from '../adapters/store/store.ts'
import { credentialKinds } from '../schemas/credential.ts'
import { roles, type Registry } from '../schemas/agency.ts'
import { contentOf, RegistryContent } from '../schemas/registry-file.ts'

const RegistryFile = z.strictObject({
  registry: RegistryContent,
  credentials: z.array(
    z.strictObject({
      /** Also the client id of kind `oauth`. */
      id: z.uuid(),
      kind: z.enum(credentialKinds).default('key'),
      person: z.string().min(1).max(200).nullable().default(null),
      agency: z.string().min(1).max(64).nullable(),
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
    registry: contentOf(registry),
    credentials: credentials.map((row) => ({ ...row, secretHash: Buffer.from(row.secretHash, 'hex') })),
  }
}
