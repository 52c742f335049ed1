import type { Knex } from 'knex'
import type { Agency, AgencyCertificate, RegistryPatch } from '../../schemas/agency.ts'
import { insertRows } from './database.ts'
import { isPartName, readPart, type PartName } from './registry-parts.ts'

/** Versions whose changes are kept, and changes that are loaded one by one at most; beyond either the whole registry is. */
const kept = { versions: 1_000, changes: 2_000 } as const

interface ChangeRow {
  readonly version: number
  readonly part: string
  readonly name: string
}

/** Which entries a version has changed. */
export interface Touched {
  readonly part: PartName
  readonly names: readonly string[]
}

/** Notes what a version has changed, and forgets what is long past. */
export async function logChanges(trx: Knex, version: number, touched: readonly Touched[]): Promise<void> {
  const rows = touched.flatMap(({ part, names }) => names.map((name) => ({ version, part, name })))
  await insertRows(trx, 'registry_change', rows)
  await trx('registry_change')
    .where('version', '<=', version - kept.versions)
    .delete()
}

/**
 * What changed after one version up to another. Null where a version between has left no note (it replaced everything, or raised the version
 * for another reason), or where there is too much of it.
 */
export async function readChanges(knex: Knex, since: number, until: number): Promise<RegistryPatch | null> {
  const rows = await knex<ChangeRow>('registry_change')
    .where('version', '>', since)
    .andWhere('version', '<=', until)
    .limit(kept.changes + 1)
  const versions = new Set(rows.map(({ version }) => version))
  if (rows.length > kept.changes || versions.size !== until - since) return null
  return patchOf(knex, rows)
}

async function patchOf(knex: Knex, rows: readonly ChangeRow[]): Promise<RegistryPatch> {
  const names = new Map<PartName, Set<string>>()
  for (const { part, name } of rows)
    if (isPartName(part)) names.set(part, (names.get(part) ?? new Set()).add(name))
  const patch: Record<string, unknown> = {}
  for (const [part, some] of names) patch[part] = await entriesOf(knex, part, [...some])
  return patch // each part by its own reader
}

async function entriesOf(knex: Knex, part: PartName, names: readonly string[]): Promise<unknown> {
  const found = await readPart(knex, part, names)
  return shapes[part](names, found as never) // the reader of the same part
}

const byName = <T>(names: readonly string[], valueOf: (name: string) => T): Readonly<Record<string, T>> =>
  Object.fromEntries(names.map((name) => [name, valueOf(name)]))

type Lists = Readonly<Record<string, readonly string[]>>
const lists = (names: readonly string[], found: Lists) => byName(names, (name) => found[name] ?? null)

const shapes = {
  agencies: (names: readonly string[], found: readonly Agency[]) =>
    byName(names, (name) => found.find(({ code }) => code === name) ?? null),
  aliases: lists,
  certificates: (names: readonly string[], found: readonly AgencyCertificate[]) =>
    byName(names, (name) => found.filter(({ agency }) => agency === name)),
  trustRoots: (_names: readonly string[], found: unknown) => found,
  grants: lists,
  subscriptions: lists,
} as const
