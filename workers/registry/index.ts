import type { Dialect } from '../../adapters/agencies/dialect.ts'
import type { Store } from '../../adapters/store/store.ts'
import type { ProbeAddress } from '../../adapters/transport/probe.ts'
import type { RegistryWatch } from '../registry-watch.ts'
import { createAgencies } from './agencies.ts'
import { createListAudit } from './audit.ts'
import { createCertificates } from './certificates.ts'
import { createChangeRegistry } from './change.ts'
import { createTestConnection } from './connection-test.ts'
import { createContactsOf } from './contacts.ts'
import { createImportRegistry } from './import.ts'
import { createLists } from './lists.ts'
import { createSetStanding } from './standing.ts'
import { createTrustRoots } from './trust-roots.ts'

export interface AdministrationDeps {
  readonly store: Store
  readonly registry: RegistryWatch
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly probe: ProbeAddress
  readonly now: () => number
}

export type Administration = ReturnType<typeof createAdministration>

/** Administration of the registry: every change audited, in one transaction, and acted on without a restart. */
export function createAdministration({ store, registry, dialects, probe, now }: AdministrationDeps) {
  const directory = () => registry.current()
  const change = createChangeRegistry({ store, registry, now })
  const common = { store, directory, change, dialects, probe, now }
  return {
    agencies: createAgencies(common),
    certificates: createCertificates(common),
    contacts: createContactsOf(common),
    importRegistry: createImportRegistry(common),
    lists: createLists(common),
    listAudit: createListAudit(common),
    testConnection: createTestConnection(common),
    setStanding: createSetStanding(common),
    trustRoots: createTrustRoots(common),
  }
}
