import type { Caller, Role } from '../schemas/agency.ts'
import type { CredentialKind } from '../schemas/credential.ts'
import { GatewayError } from '../schemas/errors.ts'
import { speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'

/** Whom a credential is for, as it is asked for. */
export interface Holder {
  readonly kind: CredentialKind
  readonly person: string | null
  readonly agency: string | null
  readonly roles: readonly Role[]
}

interface RoleRule {
  /** Whether it stands for a body, or for the gateway's own people. */
  readonly ofBody: boolean
  /** Whether it belongs to a named person, or to a system. */
  readonly ofPerson: boolean
  readonly kinds: readonly CredentialKind[]
}

/** A system of the gateway's own has no role: nothing but a person may govern. */
const roleRules: Readonly<Record<Role, RoleRule>> = {
  agency: { ofBody: true, ofPerson: false, kinds: ['key', 'oauth', 'certificate'] },
  'agency-admin': { ofBody: true, ofPerson: true, kinds: ['key', 'certificate'] },
  operator: { ofBody: false, ofPerson: true, kinds: ['key'] },
  admin: { ofBody: false, ofPerson: true, kinds: ['key'] },
  auditor: { ofBody: false, ofPerson: true, kinds: ['key'] },
}

/** Days that a credential may be good for. */
const mostDays = { person: 366, system: 5 * 366 } as const

/** Roles that an administrator of a body may grant: its own, and the one below. */
const grantable: readonly Role[] = ['agency', 'agency-admin']

/** Throws `invalid_field` where such a credential makes no sense. */
export function checkHolder({ kind, person, agency, roles }: Holder, directory: Directory): void {
  for (const role of roles) {
    const rule = roleRules[role]
    if (rule.ofBody !== (agency !== null))
      refuse('agency', rule.ofBody ? `${role} stands for a body` : `${role} stands for no body`)
    if (rule.ofPerson !== (person !== null))
      refuse('person', rule.ofPerson ? `${role} belongs to a named person` : `${role} belongs to a system`)
    if (!rule.kinds.includes(kind)) refuse('kind', `${role} is given as ${rule.kinds.join(' or ')}`)
  }
  if (agency !== null && directory.agency(agency) === undefined) refuse('agency', `unknown body ${agency}`)
}

/** Throws `invalid_field` where it would be good for too long. */
export function checkDays(days: number, person: string | null): void {
  const most = person === null ? mostDays.system : mostDays.person
  if (days > most) refuse('days', `at most ${most}${person === null ? '' : ' for a person'}`)
}

function refuse(field: string, reason: string): never {
  throw new GatewayError('invalid_field', { field, reason })
}

/** Whether a caller may give, change and take away this holder's credentials. */
export function mayManage(
  caller: Caller,
  { agency, roles }: Pick<Holder, 'agency' | 'roles'>,
  directory: Directory,
): boolean {
  if (caller.roles.includes('admin')) return true
  return (
    caller.roles.includes('agency-admin') &&
    agency !== null &&
    speaksFor(caller, agency, directory) &&
    roles.every((role) => grantable.includes(role))
  )
}
