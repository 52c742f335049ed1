import type { Dialect } from '../../adapters/agencies/dialect.ts'
import type { Agency, AgencyStatus, Caller } from '../../schemas/agency.ts'
import { GatewayError } from '../../schemas/errors.ts'
import type { Json } from '../../schemas/message.ts'
import { canonicalJson, sha256 } from '../../signing/digest.ts'
import type { Directory } from '../directory.ts'
import { assertInSight, inSight } from '../sight.ts'
import { checkAgency } from './agency-rules.ts'
import { expiryWarnings, type ExpiryWarning } from './certificate-rules.ts'
import type { ChangeRegistry, Decision } from './change.ts'

/** A body as administration shows it. */
export interface AgencyView {
  readonly agency: Agency
  /** Names this very content: to be given back as If-Match. */
  readonly etag: string
  readonly aliases: readonly string[]
  readonly warnings: readonly ExpiryWarning[]
}

export interface AgencyFilter {
  readonly status?: AgencyStatus | undefined
  readonly parent?: string | undefined
  /** Part of a code or name. */
  readonly search?: string | undefined
  /** Code of the last one already read. */
  readonly after?: string | undefined
  readonly max: number
}

/** What `PUT` says of a body; its state has a door of its own. */
export type AgencyDraft = Omit<Agency, 'code' | 'status' | 'liveSince'>

/** Which content a caller means to replace. */
export interface Match {
  readonly ifMatch?: string | undefined
  readonly ifNoneMatch?: string | undefined
}

export interface Agencies {
  list(caller: Caller, filter: AgencyFilter): { items: readonly AgencyView[]; next: string | null }
  find(caller: Caller, code: string): AgencyView
  /** Creates a body, under test, or replaces its row. Throws `version_required`, `stale_version`, `invalid_field`, `conflict`. */
  put(
    caller: Caller,
    wish: { readonly code: string; readonly draft: AgencyDraft; readonly match: Match },
  ): Promise<AgencyView & { readonly created: boolean }>
}

export interface AgenciesDeps {
  readonly directory: () => Directory
  readonly change: ChangeRegistry
  readonly dialects: ReadonlyMap<string, Dialect>
  readonly now: () => number
}

/**
 * Bodies of the registry. The gateway's people see all; a body's administrator sees its own and those below. Rows are written by `admin`
 * alone: dialect, address and party class decide where content goes and whose signature counts.
 */
export function createAgencies({ directory, change, dialects, now }: AgenciesDeps): Agencies {
  const view = (agency: Agency, current: Directory): AgencyView => ({
    agency,
    etag: etagOf(agency),
    aliases: Object.entries(current.registry.aliases)
      .filter(([, codes]) => codes.includes(agency.code))
      .map(([alias]) => alias),
    warnings: expiryWarnings(agency.code, current, now()),
  })

  return {
    list(caller, filter) {
      const current = directory()
      const found = matching(caller, filter, current)
      const page = found.slice(0, filter.max)
      const next = found.length > page.length ? (page.at(-1)?.code ?? null) : null
      return { items: page.map((agency) => view(agency, current)), next }
    },
    find(caller, code) {
      const current = directory()
      assertInSight(caller, code, current)
      return view(known(code, current), current)
    },
    async put(caller, wish) {
      const { agency, created } = await change(caller, (current) => {
        const decision = decidePut(wish, current)
        const find = (code: string) => (code === wish.code ? decision.answer.agency : current.agency(code))
        checkAgency(decision.answer.agency, find, dialects)
        return decision
      })
      return { ...view(agency, directory()), created }
    },
  }
}

/** Names the content of a row, not its time: equal rows have equal tags. */
function etagOf(agency: Agency): string {
  return `"${sha256(canonicalJson(agency as unknown as Json))
    .toString('base64url')
    .slice(0, 22)}"` // a row is JSON
}

function known(code: string, current: Directory): Agency {
  const agency = current.agency(code)
  if (agency === undefined) throw new GatewayError('not_found', { field: 'code' })
  return agency
}

function matching(caller: Caller, filter: AgencyFilter, current: Directory): readonly Agency[] {
  const { status, parent, search, after = '' } = filter
  const seen = inSight(caller, current)
  const codes = seen === null ? null : new Set(seen)
  const wanted = search?.toLowerCase()
  return current.agencies
    .filter(
      (agency) =>
        agency.code > after &&
        (codes?.has(agency.code) ?? true) &&
        (status === undefined || agency.status === status) &&
        (parent === undefined || agency.parent === parent) &&
        (wanted === undefined || `${agency.code} ${agency.name}`.toLowerCase().includes(wanted)),
    )
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
}

interface Put {
  readonly agency: Agency
  readonly created: boolean
}

function decidePut(
  { code, draft, match }: Parameters<Agencies['put']>[1],
  current: Directory,
): Decision<Put> {
  const before = current.agency(code)
  checkMatch(before, match)
  const { status = 'testing', liveSince } = before ?? {}
  const agency: Agency = { ...draft, code, status, ...(liveSince === undefined ? {} : { liveSince }) }
  if (before !== undefined && before.partyClass !== agency.partyClass) refuseCertified(code, current)
  const answer = { agency, created: before === undefined }
  if (before !== undefined && etagOf(before) === etagOf(agency)) return { patch: {}, acts: [], answer }
  const act = {
    act: before === undefined ? 'agency.create' : 'agency.update',
    object: code,
    body: code,
    before: (before ?? null) as Json, // a row is JSON
    after: agency as unknown as Json,
  }
  return { patch: { agencies: { [code]: agency } }, acts: [act], answer }
}

function checkMatch(before: Agency | undefined, { ifMatch, ifNoneMatch }: Match): void {
  if (before === undefined) {
    if (ifMatch !== undefined) throw new GatewayError('stale_version', { field: 'If-Match' })
    return
  }
  if (ifNoneMatch !== undefined) throw new GatewayError('stale_version', { field: 'If-None-Match' })
  if (ifMatch === undefined) throw new GatewayError('version_required', { field: 'If-Match' })
  if (ifMatch !== etagOf(before)) throw new GatewayError('stale_version', { field: 'If-Match' })
}

/** Certificates were checked against the authorities of the class they came under. */
function refuseCertified(code: string, current: Directory): void {
  if (current.certificates.of(code).length > 0)
    throw new GatewayError('conflict', {
      field: 'partyClass',
      reason: 'take its certificates away first: the other class trusts other authorities',
    })
}
