import type { Agency, AgencyCertificate, Registry, RegistryPatch, TrustRoot } from '../../schemas/agency.ts'
import { isObject } from '../../schemas/objects.ts'

export type Content = Omit<Registry, 'version'>

type PartName = keyof Content

/** One entry that an import creates, changes or removes. */
export interface Difference {
  readonly part: PartName
  /** Code, alias or topic; the party class of trust roots. */
  readonly name: string
  readonly kind: 'created' | 'changed' | 'removed'
}

export interface Merge {
  readonly patch: RegistryPatch
  readonly differences: readonly Difference[]
}

type Entries<T> = Readonly<Record<string, T>>

/** Entries by name: equal ones are left out of the patch, missing ones are removed only with `prune`. */
function mergeEntries<T>(
  part: PartName,
  { before, wanted, prune }: { before: Entries<T>; wanted: Entries<T>; prune: boolean },
): { patch: Record<string, T | null>; differences: Difference[] } {
  const patch: Record<string, T | null> = {}
  const differences: Difference[] = []
  for (const [name, value] of Object.entries(wanted)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    if (old !== undefined && textOf(old) === textOf(value)) continue
    patch[name] = value
    differences.push({ part, name, kind: old === undefined ? 'created' : 'changed' })
  }
  for (const name of prune ? Object.keys(before) : []) {
    if (Object.hasOwn(wanted, name)) continue
    patch[name] = null
    differences.push({ part, name, kind: 'removed' })
  }
  return { patch, differences }
}

/** Equal values have equal text, whatever the order of their names. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  )

const byCode = (agencies: readonly Agency[]): Entries<Agency> =>
  Object.fromEntries(agencies.map((agency) => [agency.code, agency]))

/** What a file says of a state is not taken over: a body keeps its own, and a new one begins under test. */
function statesKept(agencies: readonly Agency[], before: Entries<Agency>): Entries<Agency> {
  const kept = agencies.map(({ status: _status, liveSince: _liveSince, ...row }) => {
    const { status = 'testing', liveSince } = before[row.code] ?? {}
    return { ...row, status, ...(liveSince === undefined ? {} : { liveSince }) } satisfies Agency
  })
  return byCode(kept)
}

const named = ({ use, fingerprint }: AgencyCertificate) => `${use} ${fingerprint}`

/** Certificates by body, each list in one order; those of `more` are added. */
function byAgency(
  rows: readonly AgencyCertificate[],
  more: readonly AgencyCertificate[] = [],
): Record<string, readonly AgencyCertificate[]> {
  const lists: Record<string, Map<string, AgencyCertificate>> = {}
  for (const row of [...more, ...rows]) (lists[row.agency] ??= new Map()).set(named(row), row)
  return Object.fromEntries(
    Object.entries(lists).map(([code, list]) => [
      code,
      [...list.values()].sort((a, b) => (named(a) < named(b) ? -1 : 1)),
    ]),
  )
}

function mergeRoots(before: readonly TrustRoot[], wanted: readonly TrustRoot[]): Merge {
  const has = (roots: readonly TrustRoot[], { partyClass, pem }: TrustRoot) =>
    roots.some((root) => root.partyClass === partyClass && root.pem.trim() === pem.trim())
  const added = wanted.filter((root) => !has(before, root))
  if (added.length === 0) return { patch: {}, differences: [] }
  return {
    patch: { trustRoots: [...before, ...added] },
    differences: added.map(({ partyClass }) => ({ part: 'trustRoots', name: partyClass, kind: 'created' })),
  }
}

/**
 * Merges a registry file into the registry, by code and name. What the file does not name stays, unless `prune`; states stay in any case,
 * and trust roots are only added: taking one away has a door of its own. Pure.
 */
export function mergeRegistry(before: Registry, file: Content, prune: boolean): Merge {
  const known = byCode(before.agencies)
  const agencies = mergeEntries('agencies', {
    ...{ before: known, wanted: statesKept(file.agencies, known), prune },
  })
  const held = byAgency(before.certificates)
  const certificates = mergeEntries('certificates', {
    before: held,
    wanted: byAgency(file.certificates, prune ? [] : before.certificates),
    prune,
  })
  const lists = (['aliases', 'grants', 'subscriptions'] as const).map(
    (part) => [part, mergeEntries(part, { before: before[part], wanted: file[part], prune })] as const,
  )
  const roots = mergeRoots(before.trustRoots, file.trustRoots)
  const found = [agencies, certificates, ...lists.map(([, merged]) => merged), roots]
  return {
    patch: compact({
      agencies: agencies.patch,
      certificates: emptied(certificates.patch),
      ...Object.fromEntries(lists.map(([part, { patch }]) => [part, patch])),
      ...roots.patch,
    }),
    differences: found.flatMap(({ differences }) => differences),
  }
}

/** A list of certificates that is taken away is an empty one. */
const emptied = (patch: Readonly<Record<string, readonly AgencyCertificate[] | null>>) =>
  Object.fromEntries(Object.entries(patch).map(([code, rows]) => [code, rows ?? []]))

/** Parts without a change are left out. */
const compact = (patch: RegistryPatch): RegistryPatch =>
  Object.fromEntries(Object.entries(patch).filter(([, entries]) => Object.keys(entries as object).length > 0))
