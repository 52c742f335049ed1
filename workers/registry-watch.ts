import type { Store } from '../adapters/store/store.ts'
import { createDirectory, type Directory } from './directory.ts'

/** Holds the current directory; `refresh` reloads it when the registry's version has moved. */
export interface RegistryWatch {
  current(): Directory
  refresh(): Promise<boolean>
}

/** Reads the registry once and then whenever its version moves, so that changes act without a restart. */
export async function connectRegistryWatch({
  store,
}: {
  readonly store: Pick<Store, 'loadRegistry' | 'registryVersion'>
}): Promise<RegistryWatch> {
  let directory = createDirectory(await store.loadRegistry())
  return {
    current: () => directory,
    async refresh() {
      if ((await store.registryVersion()) === directory.version) return false
      directory = createDirectory(await store.loadRegistry())
      return true
    },
  }
}
