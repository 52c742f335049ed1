import type { Partner } from '../adapters/agencies/poll.ts'
import type { Dialect } from '../adapters/agencies/dialect.ts'
import type { Store } from '../adapters/store/store.ts'
import { GatewayError } from '../schemas/errors.ts'
import { copiedDirectory } from './organisations.ts'
import type { Patience } from './patience.ts'

export interface CopyDeps {
  readonly store: Pick<Store, 'organisationCopy' | 'keepOrganisations'>
  readonly now: () => number
  readonly patience: Patience
  readonly reportFault: (fault: {
    readonly agency: string
    readonly waiting: string | null
    readonly error: unknown
  }) => void
}

/** What the log calls the reading of a directory. */
const thing = 'directory'

/**
 * Reads a partner's directory anew where its copy is old enough; the caller holds the lease. A reading that fails keeps the copy, is tried
 * again later each time, and is no fault of the poll. Answers the age of the copy (ms), null where there is none.
 */
export async function copyDirectory(
  partner: Partner,
  dialect: Pick<Dialect, 'directory'>,
  deps: CopyDeps,
): Promise<number | null> {
  const { agency } = partner
  const directory = copiedDirectory({ agency, dialect })
  if (directory === undefined) return null
  const { store, now, patience } = deps
  const key = `${agency.code} ${thing}`
  const readAt = (await store.organisationCopy(agency.code))?.readAt ?? null
  const isFresh = readAt !== null && now() - readAt < directory.everySeconds(agency) * 1000
  if (isFresh || patience.isWaiting(key)) return readAt === null ? null : now() - readAt
  try {
    await store.keepOrganisations(agency.code, await directory.read(partner), now())
    patience.ended(key)
    return 0
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'lease_lost') throw error
    patience.failed(key)
    deps.reportFault({ agency: agency.code, waiting: thing, error })
    return readAt === null ? null : now() - readAt
  }
}
