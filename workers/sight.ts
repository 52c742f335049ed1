import type { Caller, Role } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Directory } from './directory.ts'

/** The gateway's own people: they see every body. */
const everywhere: readonly Role[] = ['operator', 'admin', 'auditor']

/** Codes of the bodies whose traffic a caller may see; null = of all. A body's administrator sees its own and those below. */
export function inSight({ roles, agency }: Caller, directory: Directory): readonly string[] | null {
  if (roles.some((role) => everywhere.includes(role))) return null
  if (agency === null || !roles.includes('agency-admin')) return []
  return directory.agencies.map(({ code }) => code).filter((code) => directory.isWithin(code, agency))
}

/** Throws `not_found` for a body that is unknown or out of the caller's sight: others learn nothing of it. */
export function assertInSight(caller: Caller, code: string, directory: Directory): void {
  const seen = inSight(caller, directory)
  if (directory.agency(code) === undefined || (seen !== null && !seen.includes(code)))
    throw new GatewayError('not_found', { field: 'code' })
}
