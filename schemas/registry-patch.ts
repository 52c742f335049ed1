import type { Agency, Registry, RegistryPatch } from './agency.ts'

type Lists = Readonly<Record<string, readonly string[]>>

function patchLists(lists: Lists, patch: RegistryPatch['grants']): Lists {
  if (patch === undefined) return lists
  const merged = Object.entries({ ...lists, ...patch })
  return Object.fromEntries(merged.filter((entry): entry is [string, readonly string[]] => entry[1] !== null))
}

function patchAgencies(agencies: readonly Agency[], patch: RegistryPatch['agencies']): readonly Agency[] {
  if (patch === undefined) return agencies
  const changed = Object.values(patch).filter((agency) => agency !== null)
  return [...agencies.filter(({ code }) => !Object.hasOwn(patch, code)), ...changed]
}

/** The registry after a change. What the patch does not name stays the same value. */
export function patchRegistry(registry: Registry, patch: RegistryPatch, version: number): Registry {
  const { certificates: replaced = {}, trustRoots = registry.trustRoots } = patch
  const kept = registry.certificates.filter(({ agency }) => !Object.hasOwn(replaced, agency))
  return {
    version,
    agencies: patchAgencies(registry.agencies, patch.agencies),
    aliases: patchLists(registry.aliases, patch.aliases),
    certificates:
      patch.certificates === undefined ? registry.certificates : [...kept, ...Object.values(replaced).flat()],
    trustRoots,
    grants: patchLists(registry.grants, patch.grants),
    subscriptions: patchLists(registry.subscriptions, patch.subscriptions),
  }
}
