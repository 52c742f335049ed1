import type { Store } from '../adapters/store/store.ts'
import type { AgencySecret } from '../schemas/secret.ts'

/** Secrets of all bodies, by what holds at `now` (ms). */
export interface SecretBook {
  /** The values of a body's secret, newest first. */
  values(agency: string, name: string, now: number): readonly string[]
  /** The body that has a secret of this name: the first that put it, where the name is meant to be one body's. */
  holder(name: string, now: number): string | undefined
}

const holds = ({ validFrom, validTo }: AgencySecret, now: number): boolean =>
  validFrom <= now && now < (validTo ?? Infinity)

/** Indexes secrets, given newest first. */
export function createSecretBook(secrets: readonly AgencySecret[]): SecretBook {
  const byName = new Map<string, AgencySecret[]>()
  for (const secret of secrets) byName.set(secret.name, [...(byName.get(secret.name) ?? []), secret])
  const holding = (name: string, now: number) =>
    (byName.get(name) ?? []).filter((secret) => holds(secret, now))
  return {
    values: (agency, name, now) =>
      holding(name, now)
        .filter((secret) => secret.agency === agency)
        .map(({ value }) => value),
    holder: (name, now) => holding(name, now).at(-1)?.agency,
  }
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
    secrets: {
      values: (...asked) => book.values(...asked),
      holder: (...asked) => book.holder(...asked),
    },
    async refresh() {
      if ((await store.secretsVersion()) === version) return
      ;({ version, secrets } = await store.loadSecrets())
      book = createSecretBook(secrets)
    },
  }
}
