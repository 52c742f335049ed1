import type { Registry, RegistryPatch } from '../../../schemas/agency.ts'
import type { AuditEntry } from '../../../schemas/audit.ts'
import type { CredentialRow } from '../views.ts'

/** A change that was decided on one version of the registry, and what the audit says of it. */
export interface RegistryChange {
  /** The version it was decided on. */
  readonly version: number
  readonly patch: RegistryPatch
  readonly audit: readonly AuditEntry[]
}

/** The parties: who they are, how they are known, what they may do. Each change raises the version. */
export interface RegistryStore {
  loadRegistry(): Promise<Registry>
  registryVersion(): Promise<number>
  /** What has changed after a version, as one patch; null where only the whole registry tells. */
  registryChanges(since: number): Promise<{ readonly version: number; readonly patch: RegistryPatch } | null>
  /** Applies a change and its audit in one transaction. False, and nothing written, where the registry has moved on from `version`. */
  changeRegistry(change: RegistryChange): Promise<boolean>
  /** Replaces the registry and its credentials whole: a first start, the sandbox, tests. */
  importRegistry(
    registry: Omit<Registry, 'version'>,
    credentials: readonly (CredentialRow & { readonly secretHash: Uint8Array })[],
  ): Promise<void>
}
