import type { Caller, Role } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import { bodiesOf, speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'

/** The gateway's own people: they see every body. */
const everywhere: readonly Role[] = ['operator', 'admin', 'auditor']

/**
 * Whether a caller's eyes reach what belongs to a body; null = to the gateway itself. A body's administrator sees its own body and those
 * below.
 */
export function isInSight(caller: Caller, code: string | null, directory: Directory): boolean {
  if (seesEverywhere(caller)) return true
  return code !== null && caller.roles.includes('agency-admin') && speaksFor(caller, code, directory)
}

/** Codes of the bodies whose things a caller may see; null = of all, and the gateway's own. */
export function inSight(caller: Caller, directory: Directory): readonly string[] | null {
  if (seesEverywhere(caller)) return null
  return caller.roles.includes('agency-admin') ? bodiesOf(caller, directory) : []
}

/** Throws `not_found` for a body that is unknown or out of the caller's sight: others learn nothing of it. */
export function assertInSight(caller: Caller, code: string, directory: Directory): void {
  if (directory.agency(code) === undefined || !isInSight(caller, code, directory))
    throw new GatewayError('not_found', { field: 'code' })
}

const seesEverywhere = ({ roles }: Caller): boolean => roles.some((role) => everywhere.includes(role))
