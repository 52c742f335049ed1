import type { Store } from '../adapters/store/store.ts'
import type { Registry } from '../schemas/agency.ts'
import { patchRegistry } from '../schemas/registry-patch.ts'
import { createDirectory, type Directory } from './directory.ts'
import { connectSecretWatch, type SecretBook } from './secret-book.ts'

/** Holds the current directory and secrets; `refresh` brings them up to date when their versions have moved. */
export interface RegistryWatch {
  current(): Directory
  readonly secrets: SecretBook
  /** Whether it had moved. What was committed before the call is seen after it. */
  refresh(): Promise<boolean>
}

type WatchStore = Pick<
  Store,
  'loadRegistry' | 'registryVersion' | 'registryChanges' | 'loadSecrets' | 'secretsVersion'
>

/**
 * Reads the registry once, and then what has changed whenever its version moves, so that changes act without a restart and without
 * reading 10,000 bodies again for one.
 */
export async function connectRegistryWatch({
  store,
}: {
  readonly store: WatchStore
}): Promise<RegistryWatch> {
  let directory = createDirectory(await store.loadRegistry())
  const secrets = await connectSecretWatch(store)
  let last: Promise<unknown> = Promise.resolve()

  async function update(): Promise<boolean> {
    await secrets.refresh()
    if ((await store.registryVersion()) === directory.version) return false
    directory = createDirectory(await newer(store, directory.registry), directory.kept)
    return true
  }

  return {
    current: () => directory,
    secrets: secrets.secrets,
    refresh() {
      const turn = last.then(update) // one after the other: an older answer must not replace a newer
      last = turn.catch(() => undefined)
      return turn
    },
  }
}

async function newer(store: WatchStore, registry: Registry): Promise<Registry> {
  const changes = await store.registryChanges(registry.version)
  if (changes === null) return store.loadRegistry()
  return patchRegistry(registry, changes.patch, changes.version)
}
