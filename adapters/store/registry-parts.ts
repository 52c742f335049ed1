import type { Knex } from 'knex'
import type { Agency, AgencyCertificate, Registry, RegistryPatch, TrustRoot } from '../../schemas/agency.ts'
import { insertRows, readParts } from './database.ts'
import type { NewRow } from './database.ts'
import { toHex } from './ids.ts'
import { agencyOf, agencyRow, listRows, listsOf } from './registry-rows.ts'
import type { AgencyRow, CertificateRow, ListNames, RootRow } from './registry-rows.ts'

export type Parties = Omit<Registry, 'version'>

/** One part of the registry: its table, what column its entries are named by, and both ways between rows and entries. */
interface Part<T> {
  readonly table: string
  /** The column by which entries are replaced one by one; null where the part is replaced whole. */
  readonly key: string | null
  readonly order: readonly string[]
  readonly rows: (entries: T) => readonly NewRow[]
  readonly read: (rows: readonly Readonly<Record<string, unknown>>[]) => T
}

const list = (names: ListNames): Part<Readonly<Record<string, readonly string[]>>> => ({
  table: names.table,
  key: names.key,
  order: [names.key, 'position'],
  rows: (lists) => listRows(lists, names),
  read: (rows) => listsOf(rows, names),
})

const certificateRow = ({ agency, fingerprint, use, pem }: AgencyCertificate): NewRow => ({
  agency,
  fingerprint: Buffer.from(fingerprint, 'hex'),
  purpose: use,
  pem,
})

const certificateOf = ({ agency, fingerprint, purpose, pem }: CertificateRow): AgencyCertificate => ({
  agency,
  fingerprint: toHex(fingerprint),
  use: purpose,
  pem,
})

const rootRow = ({ partyClass, pem }: TrustRoot, position: number): NewRow => ({
  position,
  party_class: partyClass,
  pem,
})

const rootOf = ({ party_class: partyClass, pem }: RootRow): TrustRoot => ({ partyClass, pem })

/** Every part of the registry under the name that it has in a patch. Rows come from the table of the part, as its columns say. */
const parts: { readonly [Name in keyof Parties]: Part<Parties[Name]> } = {
  agencies: {
    table: 'agency',
    key: 'code',
    order: ['code'],
    rows: (agencies) => agencies.map(agencyRow),
    read: (rows) => rows.map((row) => agencyOf(row as unknown as AgencyRow)),
  },
  aliases: list({ table: 'agency_alias', key: 'alias', value: 'agency' }),
  certificates: {
    table: 'agency_certificate',
    key: 'agency',
    order: ['agency', 'purpose', 'fingerprint'],
    rows: (certificates) => certificates.map(certificateRow),
    read: (rows) => rows.map((row) => certificateOf(row as unknown as CertificateRow)),
  },
  trustRoots: {
    table: 'trust_root',
    key: null,
    order: ['position'],
    rows: (roots) => roots.map(rootRow),
    read: (rows) => rows.map((row) => rootOf(row as unknown as RootRow)),
  },
  grants: list({ table: 'grant_action', key: 'agency', value: 'action' }),
  subscriptions: list({ table: 'subscription', key: 'topic', value: 'agency' }),
}

export type PartName = keyof Parties

/** Names of the parts, in the order in which they are written. */
export const partNames = Object.keys(parts) as PartName[] // the keys of the table above

export const isPartName = (name: string): name is PartName => Object.hasOwn(parts, name)

/** A part of another type: the table joins each to its own, which a loop over names cannot say. */
const partNamed = (name: PartName): Part<unknown> => parts[name] as unknown as Part<unknown>

/** Reads one part, whole or the entries of some names. */
export async function readPart<Name extends PartName>(
  knex: Knex,
  name: Name,
  keys?: readonly string[],
): Promise<Parties[Name]> {
  const { table, key, order, read } = partNamed(name)
  const all = () => knex<Record<string, unknown>>(table).orderBy([...order])
  const rows: readonly unknown[] =
    keys === undefined || key === null
      ? await all()
      : await readParts(keys, (some) => all().whereIn(key, [...some]))
  return read(rows as readonly Record<string, unknown>[]) as Parties[Name]
}

/** Writes one part whole. */
export async function writePart(trx: Knex, name: PartName, entries: Parties[PartName]): Promise<void> {
  const { table, rows } = partNamed(name)
  await trx(table).delete()
  await insertRows(trx, table, rows(entries))
}

/** Entries of a patch as the part itself holds them, and the names they replace; null = the whole part. */
interface Replacement {
  readonly names: readonly string[] | null
  readonly entries: unknown
}

const lists = (patch: Readonly<Record<string, readonly string[] | null>>): Replacement => ({
  names: Object.keys(patch),
  entries: Object.fromEntries(Object.entries(patch).filter(([, values]) => values !== null)),
})

const replacements: {
  readonly [Name in PartName]: (patch: NonNullable<RegistryPatch[Name]>) => Replacement
} = {
  agencies: (patch) => ({
    names: Object.keys(patch),
    entries: Object.values(patch).filter((agency): agency is Agency => agency !== null),
  }),
  aliases: lists,
  certificates: (patch) => ({ names: Object.keys(patch), entries: Object.values(patch).flat() }),
  trustRoots: (roots) => ({ names: null, entries: roots }),
  grants: lists,
  subscriptions: lists,
}

/** Writes what a patch says of one part; answers the names that it touched ('' for a part replaced whole). */
export async function patchPart(trx: Knex, name: PartName, patch: RegistryPatch): Promise<readonly string[]> {
  const given = patch[name]
  if (given === undefined) return []
  const { table, key, rows } = partNamed(name)
  const replace = replacements[name] as (patch: unknown) => Replacement
  const { names, entries } = replace(given)
  if (names === null || key === null) await trx(table).delete()
  else
    await readParts(names, async (some) => {
      await trx(table)
        .whereIn(key, [...some])
        .delete()
      return []
    })
  await insertRows(trx, table, rows(entries))
  return names ?? ['']
}
