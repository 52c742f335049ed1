import type { Store } from '../adapters/store/store.ts'
import type { AgencySecret } from '../schemas/secret.ts'

/** The values of a body's secret that hold at `now`, newest first. */
export type SecretBook = (agency: string, name: string, now: number) => readonly string[]

/** Indexes secrets, given newest first. */
export function createSecretBook(secrets: readonly AgencySecret[]): SecretBook {
  const byAgency = new Map<string, AgencySecret[]>()
  for (const secret of secrets) byAgency.set(secret.agency, [...(byAgency.get(secret.agency) ?? []), secret])
  return (agency, name, now) =>
    (byAgency.get(agency) ?? [])
      .filter(
        (secret) => secret.name === name && secret.validFrom <= now && now < (secret.validTo ?? Infinity),
      )
      .map(({ value }) => value)
}

export interface SecretWatch {
  readonly secrets: SecretBook
  refresh(): Promise<void>
}

/** Reads the secrets once, and again when their version has moved. */
export async function connectSecretWatch(
  store: Pick<Store, 'loadSecrets' | 'secretsVersion'>,
): Promise<SecretWatch> {
  let { version, secrets } = await store.loadSecrets()
  let book = createSecretBook(secrets)
  return {
    secrets: (...asked) => book(...asked),
    async refresh() {
      if ((await store.secretsVersion()) === version) return
      ;({ version, secrets } = await store.loadSecrets())
      book = createSecretBook(secrets)
    },
  }
}
