import type { Dialect } from '../../adapters/agencies/dialect.ts'
import type { AgencyCertificate, Caller, RegistryPatch } from '../../schemas/agency.ts'
import type { Act } from '../../schemas/audit.ts'
import { GatewayError } from '../../schemas/errors.ts'
import type { Json } from '../../schemas/message.ts'
import { patchRegistry } from '../../schemas/registry-patch.ts'
import { createDirectory, type Directory } from '../directory.ts'
import { checkAgency } from './agency-rules.ts'
import { assertUsable, readOnePem } from './certificate-rules.ts'
import type { ChangeRegistry } from './change.ts'
import { checkList } from './lists.ts'
import { mergeRegistry, type Content, type Difference } from './merge.ts'

export interface ImportWish {
  readonly content: Content
  /** Says what would happen, and writes nothing. */
  readonly dryRun: boolean
  /** Removes what the file does not name. */
  readonly prune: boolean
  readonly reason: string
}

export type ImportRegistry = (
  caller: Caller,
  wish: ImportWish,
) => Promise<{ readonly dryRun: boolean; readonly differences: readonly Difference[] }>

/** Merges a registry file, all or nothing. Each entry has its own line in the audit. Throws `invalid_field` with the entry at fault. */
export function createImportRegistry(deps: {
  readonly change: ChangeRegistry
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly now: () => number
}): ImportRegistry {
  return (caller, { content, dryRun, prune, reason }) =>
    deps.change(caller, (current) => {
      const { patch, differences } = mergeRegistry(current.registry, content, prune)
      const next = createDirectory(patchRegistry(current.registry, patch, current.version), current.kept)
      checkPatch(patch, next, { ...deps, current })
      const acts = differences.map((each) => actOf(each, { before: current, after: next, reason }))
      return { patch, acts: dryRun ? [] : acts, answer: { dryRun, differences } }
    })
}

interface Rules {
  readonly current: Directory
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly now: () => number
}

/** Checks every changed entry as it will be, and that nothing is left that names a removed body. */
function checkPatch(patch: RegistryPatch, next: Directory, rules: Rules): void {
  for (const [code, agency] of Object.entries(patch.agencies ?? {}))
    if (agency !== null)
      within(`agencies.${code}`, () => checkAgency(agency, (each) => next.agency(each), rules.dialects))
  for (const code of certified(patch, rules.current))
    for (const row of next.certificates.of(code))
      within(`certificates.${code}`, () => checkCertificateRow(row, next, rules))
  for (const kind of ['aliases', 'grants', 'subscriptions'] as const)
    for (const [name, values] of Object.entries(patch[kind] ?? {}))
      if (values !== null) within(`${kind}.${name}`, () => checkList(kind, { name, values }, next))
  const removed = Object.entries(patch.agencies ?? {}).flatMap(([code, agency]) => (agency ? [] : [code]))
  for (const code of removed) refuseNamed(code, next)
}

/** Bodies whose certificates are to be checked: those that change, and those of a body whose class changes. */
function certified(patch: RegistryPatch, current: Directory): readonly string[] {
  const moved = Object.entries(patch.agencies ?? {}).filter(
    ([code, agency]) => agency !== null && current.agency(code)?.partyClass !== agency.partyClass,
  )
  return [...new Set([...Object.keys(patch.certificates ?? {}), ...moved.map(([code]) => code)])]
}

function checkCertificateRow(row: AgencyCertificate, next: Directory, { now }: Pick<Rules, 'now'>): void {
  const agency = next.agency(row.agency)
  if (agency === undefined) throw new GatewayError('invalid_field', { reason: `unknown body ${row.agency}` })
  const certificate = readOnePem(row.pem, next)
  if (certificate.fingerprint !== row.fingerprint)
    throw new GatewayError('invalid_field', { field: 'fingerprint', reason: 'not that of the certificate' })
  if (row.use === 'sign' && next.ownerOf(row.fingerprint)?.agency !== row.agency)
    throw new GatewayError('conflict', { reason: 'another body signs with this certificate' })
  assertUsable(certificate, agency, { use: row.use, current: next, now: now() })
}

function refuseNamed(code: string, next: Directory): void {
  const { agencies, aliases, subscriptions, certificates, grants } = next.registry
  const lists = Object.entries({ ...aliases, ...subscriptions })
  const by =
    agencies.find(({ parent, successor }) => parent === code || successor === code)?.code ??
    lists.find(([, codes]) => codes.includes(code))?.[0] ??
    certificates.find(({ agency }) => agency === code)?.fingerprint ??
    (Object.hasOwn(grants, code) ? 'its grants' : undefined)
  if (by !== undefined)
    throw new GatewayError('conflict', { field: `agencies.${code}`, reason: `still named by ${by}` })
}

/** Puts the entry before the field of a fault. */
function within(place: string, check: () => void): void {
  try {
    check()
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    const { field, reason = error.code } = error
    throw new GatewayError('invalid_field', {
      field: field === undefined ? place : `${place}.${field}`,
      reason,
    })
  }
}

function actOf(
  { part, name, kind }: Difference,
  {
    before,
    after,
    reason,
  }: { readonly before: Directory; readonly after: Directory; readonly reason: string },
): Act {
  const body = part === 'agencies' || part === 'certificates' || part === 'grants' ? name : null
  const told = { act: `registry.import-${kind}`, object: `${part}/${name}`, body, reason }
  return { ...told, before: entryOf(before, part, name), after: entryOf(after, part, name) }
}

function entryOf(directory: Directory, part: Difference['part'], name: string): Json {
  const rows: Record<Difference['part'], () => unknown> = {
    agencies: () => directory.agency(name),
    certificates: () => directory.certificates.of(name).map(({ use, fingerprint }) => ({ use, fingerprint })),
    trustRoots: () => directory.registry.trustRoots.filter(({ partyClass }) => partyClass === name).length,
    aliases: () => directory.registry.aliases[name],
    grants: () => directory.registry.grants[name],
    subscriptions: () => directory.registry.subscriptions[name],
  }
  return (rows[part]() ?? null) as Json // entries of the registry are JSON
}
