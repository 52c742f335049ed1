import type { Knex } from 'knex'
import type { AgencyCertificate, Registry } from '../../schemas/agency.ts'
import { insertRows } from './database.ts'
import type { Database, NewRow } from './database.ts'
import { asBuffer, toHex } from './ids.ts'
import { agencyOf, agencyRow, credentialOf, credentialRow, listRows, listsOf } from './registry-rows.ts'
import type { AgencyRow, CertificateRow, CredentialTableRow, ListNames, RootRow } from './registry-rows.ts'
import { retryTransaction } from './retry-transaction.ts'
import type { Store } from './store.ts'

const aliases: ListNames = { table: 'agency_alias', key: 'alias', value: 'agency' }
const grants: ListNames = { table: 'grant_action', key: 'agency', value: 'action' }
const subscriptions: ListNames = { table: 'subscription', key: 'topic', value: 'agency' }

type Parties = Omit<Registry, 'version'>
type Credentials = Parameters<Store['importRegistry']>[1]

const readLists = async (knex: Knex, names: ListNames): Promise<Record<string, readonly string[]>> =>
  listsOf((await knex(names.table).orderBy([names.key, 'position'])) as Record<string, unknown>[], names)

const readVersion = async (knex: Knex): Promise<number> =>
  (await knex<{ id: number; version: number }>('registry_head').where('id', 1).first('version'))?.version ?? 0

async function readParties(knex: Knex): Promise<Parties> {
  const agencies = await knex<AgencyRow>('agency').orderBy('code').select()
  const certificates = await knex<CertificateRow>('agency_certificate')
    .orderBy(['agency', 'purpose', 'fingerprint'])
    .select()
  const roots = await knex<RootRow>('trust_root').orderBy('position').select()
  return {
    agencies: agencies.map(agencyOf),
    aliases: await readLists(knex, aliases),
    certificates: certificates.map(({ agency, fingerprint, purpose, pem }) => ({
      agency,
      fingerprint: toHex(fingerprint),
      use: purpose,
      pem,
    })),
    trustRoots: roots.map(({ party_class: partyClass, pem }) => ({ partyClass, pem })),
    grants: await readLists(knex, grants),
    subscriptions: await readLists(knex, subscriptions),
  }
}

const certificateRow = ({ agency, fingerprint, use, pem }: AgencyCertificate): NewRow => ({
  agency,
  fingerprint: Buffer.from(fingerprint, 'hex'),
  purpose: use,
  pem,
})

const tablesOf = (
  parties: Parties,
  credentials: Credentials,
): Readonly<Record<string, readonly NewRow[]>> => ({
  agency: parties.agencies.map(agencyRow),
  agency_certificate: parties.certificates.map(certificateRow),
  trust_root: parties.trustRoots.map(({ partyClass, pem }, position) => ({
    position,
    party_class: partyClass,
    pem,
  })),
  [aliases.table]: listRows(parties.aliases, aliases),
  [grants.table]: listRows(parties.grants, grants),
  [subscriptions.table]: listRows(parties.subscriptions, subscriptions),
  credential: credentials.map(credentialRow),
})

/** Locks the head first, so that two imports follow each other. */
async function raiseVersion(trx: Knex): Promise<void> {
  const head = await trx<{ id: number; version: number }>('registry_head').where('id', 1).forUpdate().first()
  if (head === undefined) await insertRows(trx, 'registry_head', [{ id: 1, version: 1 }])
  else
    await trx('registry_head')
      .where('id', 1)
      .update({ version: head.version + 1 })
}

type Registries = Pick<Store, 'findCredential' | 'loadRegistry' | 'registryVersion' | 'importRegistry'>

/** The parties: who they are, how they are known, what they may do. */
export const createRegistry = ({ knex }: Database): Registries => ({
  findCredential: async (secretHash) => {
    const row = await knex<CredentialTableRow>('credential')
      .where('secret_hash', asBuffer(secretHash))
      .first()
    return row === undefined ? null : credentialOf(row)
  },
  registryVersion: () => readVersion(knex),
  loadRegistry: () =>
    knex.transaction(async (trx) => {
      // The version before the rows: an import in between makes the caller load once more, never too seldom.
      const version = await readVersion(trx)
      return { version, ...(await readParties(trx)) }
    }),
  importRegistry: (parties, credentials) =>
    retryTransaction(knex, async (trx) => {
      await raiseVersion(trx)
      for (const [table, rows] of Object.entries(tablesOf(parties, credentials))) {
        await trx(table).delete()
        await insertRows(trx, table, rows)
      }
    }),
})
