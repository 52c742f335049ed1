import type { MasterKeys } from '../../signing/at-rest.ts'
import { openAtRest, sealAtRest } from '../../signing/at-rest.ts'
import type { Blobs } from '../blobs/blobs.ts'
import { createAccept } from './accept.ts'
import { createAgencyStates } from './agency-state.ts'
import { createAudit } from './audit.ts'
import { createCatalog } from './catalog.ts'
import { createClaims } from './claim.ts'
import type { OriginalReader } from './claimed.ts'
import { createCredentials } from './credentials.ts'
import type { Database } from './database.ts'
import { createContacts } from './contacts.ts'
import { createChain } from './evidence.ts'
import { createFiles } from './files.ts'
import { guarded } from './guarded.ts'
import { createHeartbeat } from './heartbeat.ts'
import { createListing } from './listing.ts'
import { createLookups } from './lookup.ts'
import { createMessages } from './messages.ts'
import { migrate } from './migrate.ts'
import { createNotes } from './notes.ts'
import { createNumbers } from './numbers.ts'
import { createOrganisations } from './organisations.ts'
import { createOriginals } from './originals.ts'
import { createOutcomes } from './outcomes.ts'
import { createPolls } from './polls.ts'
import { createPayments } from './payments/index.ts'
import { createRecord } from './record.ts'
import { createRegistry } from './registry.ts'
import { createRelay } from './relay.ts'
import type { Store } from './store.ts'
import { createSent } from './sent.ts'
import { createSecrets } from './secrets.ts'
import { createSubjects } from './subjects.ts'
import { createSweep } from './sweep.ts'
import { createActs } from './acts.ts'
import { createDeliveries } from './deliveries.ts'
import { createTraffic } from './traffic.ts'

export interface StoreDeps {
  readonly database: Database
  readonly masterKeys: MasterKeys
  /** Names this process in the evidence; no two running processes share it. */
  readonly writer: string
  /** The payload inside a stored original (pure). */
  readonly readOriginal: OriginalReader['readOriginal']
  readonly clock: () => number
  /** Where large originals go; without it they stay in their rows. */
  readonly blobs?: Pick<Blobs, 'write' | 'read'>
}

/** Assembles the store. Each act that proves things writes a chain of its own, so that acts of one process run side by side. */
export function createStore({ database, masterKeys, writer, readOriginal, clock, blobs }: StoreDeps): Store {
  const { engine, knex } = database
  const chainOf = (act: string) => createChain({ knex, writer: `${writer}/${act}`, clock })
  const refusals = chainOf('refuse')
  const originals = createOriginals(masterKeys, blobs)
  const reader: OriginalReader = { open: originals.open, readOriginal }
  const box = {
    seal: (plain: Uint8Array, row: string) => sealAtRest(plain, masterKeys, row),
    open: (sealed: Uint8Array, row: string) => openAtRest(sealed, masterKeys, row),
  }
  return guarded<Store>({
    ...createAccept({
      engine,
      chain: chainOf('accept'),
      keep: originals.keep,
    }),
    refuseMany: (receipts) => refusals((_trx, prove) => prove(receipts)),
    ...createClaims({ database, reader }),
    ...createRecord(chainOf('record')),
    ...createOutcomes(knex, chainOf('outcome')),
    ...createRelay(database),
    ...createSweep(database),
    ...createAgencyStates(database),
    ...createMessages(database),
    ...createLookups(database, reader),
    ...createSent(database, reader),
    ...createCatalog(database),
    ...createRegistry(database, clock),
    ...createCredentials(database),
    ...createSubjects(database),
    ...createPolls(database),
    ...createOrganisations(database),
    ...createAudit(database),
    ...createContacts({ knex, ...box }),
    ...createSecrets({ knex, ...box }),
    ...createPayments({ knex, ...box }),
    ...createFiles(database),
    ...createNumbers(database),
    ...createNotes(database),
    ...createTraffic(database),
    ...createDeliveries(database),
    ...createActs({ database, chain: chainOf('operator') }),
    ...createListing({ database, open: originals.open }),
    ...createHeartbeat(database, writer, clock),
    migrate: () => migrate(database),
    close: () => knex.destroy(),
  })
}
