import type { Dialect } from '../adapters/agencies/dialect.ts'
import type { Store } from '../adapters/store/store.ts'
import type { Agency, Caller, Role } from '../schemas/agency.ts'
import { auditEntry, type AuditEntry } from '../schemas/audit.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { SecretDates } from '../schemas/secret.ts'
import { newId } from '../signing/new-id.ts'
import { speaksFor } from './authorise.ts'
import type { Directory } from './directory.ts'
import type { RegistryWatch } from './registry-watch.ts'

/** Values of one name that may hold at once: more than one rotation under way is a mistake. */
const mostValues = 4

export interface NewSecret {
  readonly value: string
  /** When it begins to hold, in ms; at once unless given. */
  readonly validFrom?: number | undefined
  /** How long the earlier values go on beside it. */
  readonly overlapSeconds: number
}

/**
 * Secrets that the gateway uses towards a body, or a body's client towards it: put, told of, forgotten, never read back. This process acts
 * on a change when the promise resolves, the others within a second.
 */
export interface Secrets {
  put(caller: Caller, place: Place, secret: NewSecret): Promise<readonly SecretDates[]>
  list(caller: Caller, code: string): Promise<readonly SecretDates[]>
  drop(caller: Caller, place: Place): Promise<void>
}

export interface Place {
  readonly code: string
  readonly name: string
}

export interface SecretsDeps {
  readonly store: Pick<Store, 'putSecret' | 'listSecrets' | 'dropSecret'>
  readonly directory: () => Directory
  readonly registry: Pick<RegistryWatch, 'refresh'>
  readonly dialectOf: (agency: Agency) => Dialect
  readonly now: () => number
}

const keepers: readonly Role[] = ['admin']
const readers: readonly Role[] = ['admin', 'operator', 'auditor']

export function createSecrets({ store, directory, registry, dialectOf, now }: SecretsDeps): Secrets {
  /** The body, if the caller may: one of `roles`, or an administrator of the body or of one above it. */
  function bodyFor(caller: Caller, code: string, roles: readonly Role[]): Agency {
    const own = caller.roles.includes('agency-admin') && speaksFor(caller, code, directory())
    if (!own && !roles.some((role) => caller.roles.includes(role)))
      throw new GatewayError('forbidden', { field: 'code', reason: `not an administrator of ${code}` })
    const agency = directory().agency(code)
    if (agency === undefined) throw new GatewayError('not_found', { field: 'code' })
    return agency
  }

  function entryOf(caller: Caller, act: string, { code, name }: Place) {
    return (before: readonly SecretDates[], after: readonly SecretDates[]): AuditEntry =>
      auditEntry(
        caller,
        {
          act,
          object: `${code}/${name}`,
          body: code,
          before: before.map((each) => ({ ...each })),
          after: after.map((each) => ({ ...each })),
        },
        { id: newId(), at: now() },
      )
  }

  return {
    async put(caller, place, { value, validFrom, overlapSeconds }) {
      const agency = bodyFor(caller, place.code, keepers)
      checkShape(dialectOf(agency), place.name, value)
      const at = now()
      const from = Math.max(validFrom ?? at, at)
      const dates = await store.putSecret(
        { id: newId(), agency: place.code, name: place.name, value, validFrom: from, validTo: null },
        {
          now: at,
          formerUntil: from + overlapSeconds * 1000,
          most: mostValues,
          audit: entryOf(caller, 'secret.put', place),
        },
      )
      await registry.refresh()
      return dates
    },
    async list(caller, code) {
      bodyFor(caller, code, readers)
      return store.listSecrets(code, now())
    },
    async drop(caller, place) {
      bodyFor(caller, place.code, keepers)
      const audit = entryOf(caller, 'secret.drop', place)
      if (!(await store.dropSecret(place.code, place.name, { now: now(), audit })))
        throw new GatewayError('not_found', { field: 'name' })
      await registry.refresh()
    },
  }
}

/** A name that the body's dialect does not use may be put: its dialect may be about to change. */
function checkShape({ secrets = {} }: Dialect, name: string, value: string): void {
  const checked = (Object.hasOwn(secrets, name) ? secrets[name] : undefined)?.safeParse(value)
  if (checked?.success === false)
    throw new GatewayError('invalid_field', {
      field: 'value',
      reason: checked.error.issues[0]?.message ?? 'another form is asked for',
    })
}
