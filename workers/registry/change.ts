import type { Store } from '../../adapters/store/store.ts'
import type { Caller, RegistryPatch } from '../../schemas/agency.ts'
import { auditEntry, type Act } from '../../schemas/audit.ts'
import { GatewayError } from '../../schemas/errors.ts'
import type { Directory } from '../directory.ts'
import type { RegistryWatch } from '../registry-watch.ts'
import { newId } from '../../signing/new-id.ts'

/** What is to be changed, what the audit says of it, and what the caller is told. Without acts nothing is written. */
export interface Decision<T> {
  readonly patch: RegistryPatch
  readonly acts: readonly Act[]
  readonly answer: T
}

/** Decides on one version of the registry; asked again where another change came between. Pure; throws GatewayError to refuse. */
export type Decide<T> = (current: Directory) => Decision<T>

export type ChangeRegistry = <T>(caller: Caller, decide: Decide<T>) => Promise<T>

export interface ChangeDeps {
  readonly store: Pick<Store, 'changeRegistry'>
  readonly registry: RegistryWatch
  readonly now: () => number
}

const maxTries = 8

/**
 * Changes the registry: every rule is checked against exactly the version that is replaced, and the audit is written with the change.
 * This process acts on it when the promise resolves, the others within a second. Throws `unavailable` where others never stop changing it.
 */
export function createChangeRegistry({ store, registry, now }: ChangeDeps): ChangeRegistry {
  return async (caller, decide) => {
    for (let tries = 0; tries < maxTries; tries += 1) {
      await registry.refresh()
      const current = registry.current()
      const { patch, acts, answer } = decide(current)
      if (acts.length === 0) return answer
      const at = now()
      const audit = acts.map((act) => auditEntry(caller, act, { id: newId(), at }))
      if (await store.changeRegistry({ version: current.version, patch, audit })) {
        await registry.refresh()
        return answer
      }
    }
    throw new GatewayError('unavailable', { reason: 'the registry is being changed by others' })
  }
}
