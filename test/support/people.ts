import { randomBytes, randomUUID } from 'node:crypto'
import type { Role } from '../../schemas/agency.ts'
import { sha256 } from '../../signing/digest.ts'
import type { LentGateway } from './gateway.ts'
import { registryOf, type Party } from './parties.ts'

/** A person of a test: role, and the body it belongs to where it has one. */
export interface Person {
  readonly role: Role
  readonly agency: string | null
  readonly apiKey: string
}

export const createPerson = (role: Role, agency: string | null = null): Person => ({
  role,
  agency,
  apiKey: randomBytes(32).toString('base64url'),
})

/** Lets people in beside the parties of a lent gateway. */
export async function admit(
  { store }: LentGateway,
  parties: readonly Party[],
  people: readonly Person[],
  extra: Parameters<typeof registryOf>[1] = {},
): Promise<void> {
  const { registry, credentials } = registryOf(parties, extra)
  const day = 86_400_000
  await store.importRegistry(registry, [
    ...credentials,
    ...people.map(({ role, agency, apiKey }) => ({
      id: randomUUID(),
      person: `Người thử ${role}`,
      agency,
      roles: [role],
      validFrom: Date.now() - day,
      validTo: Date.now() + day,
      secretHash: sha256(Buffer.from(apiKey)),
    })),
  ])
}
