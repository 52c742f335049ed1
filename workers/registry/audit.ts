import type { Store } from '../../adapters/store/store.ts'
import type { Caller } from '../../schemas/agency.ts'
import type { AuditEntry } from '../../schemas/audit.ts'
import type { Directory } from '../directory.ts'
import { pageOf, type Page } from '../page.ts'
import { assertInSight, inSight } from '../sight.ts'

type Query = Parameters<Store['listAudit']>[0]

/** Entries wanted; `before` is the id of the last one already read. */
export type AuditFilter = { readonly [Name in keyof Query]: Query[Name] | undefined } & {
  readonly limit: number
}

export type ListAudit = (caller: Caller, filter: AuditFilter) => Promise<Page<AuditEntry>>

/** What was done by whom, newest first. A body's administrator reads of its own body, or, naming it, of one below. */
export function createListAudit(deps: {
  readonly store: Pick<Store, 'listAudit'>
  readonly directory: () => Directory
}): ListAudit {
  return async (caller, filter) => {
    const directory = deps.directory()
    const own = inSight(caller, directory) === null ? undefined : (caller.agency ?? '')
    const body = filter.body ?? own
    if (own !== undefined && body !== undefined) assertInSight(caller, body, directory)
    const given = Object.entries({ ...filter, body }).filter(([, value]) => value !== undefined)
    const items = await deps.store.listAudit(Object.fromEntries(given) as unknown as Query)
    return pageOf(items, filter.limit, ({ id }) => id)
  }
}
