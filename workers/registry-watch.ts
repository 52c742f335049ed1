import type { Store } from '../adapters/store/store.ts'
import type { Registry } from '../schemas/agency.ts'
import { patchRegistry } from '../schemas/registry-patch.ts'
import { createDirectory, type Directory } from './directory.ts'

/** Holds the current directory; `refresh` brings it up to date when the registry's version has moved. */
export interface RegistryWatch {
  current(): Directory
  /** Whether it had moved. What was committed before the call is seen after it. */
  refresh(): Promise<boolean>
}

type WatchStore = Pick<Store, 'loadRegistry' | 'registryVersion' | 'registryChanges'>

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
  let last: Promise<unknown> = Promise.resolve()

  async function update(): Promise<boolean> {
    if ((await store.registryVersion()) === directory.version) return false
    directory = createDirectory(await newer(store, directory.registry), directory.kept)
    return true
  }

  return {
    current: () => directory,
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
