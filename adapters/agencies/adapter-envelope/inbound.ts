import { GatewayError } from '../../../schemas/errors.ts'
import type { DoorRequest } from '../dialect.ts'
import { supplementService } from '../dossiers/promotions.ts'
import { pushes, type Push } from '../dossiers/pushes.ts'
import { lastWord } from '../paths.ts'

const dossier: Push = {
  action: () => 'dossier.submitted',
  ...{ names: ['MaHoSo'], groups: true, kind: 'dossier' },
}

/** Dossiers of the portal for an agency, each kind by an address below the adapter's (dvcqg §10). */
const forAgency: Readonly<Record<string, Push>> = { nhanhsdvcqg: dossier, addtthcKhuyenMai: dossier }

const own = (table: Readonly<Record<string, Push>>, name: string): Push | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

export const pushOf = (service: string): Push | undefined => own(pushes, service) ?? own(forAgency, service)

/** Whether a push names its recipient by `dstcode`. */
export const isForAgency = (service: string): boolean => own(forAgency, service) !== undefined

const named = [...Object.keys(forAgency), supplementService]

/** The push of the portal that the last word of a path names, in any case; empty where it names none. */
export function portalPushIn({ path }: Pick<DoorRequest, 'path'>): string {
  const word = lastWord(path).toLowerCase()
  return named.find((each) => each.toLowerCase() === word) ?? ''
}

/** Whether a service is the portal's own, which has no place for a session. */
export const isPortals = (service: string): boolean => named.includes(service)

const client = /^[^:]+:[^:]+:([^:]+)(?::|$)/
const older = /^\d{3}\.\d{2}\.\d{2}\./

/**
 * The body that `dstcode` names, as a header, a parameter, or a bare value of the query (dvcqg §2.1): the member of an X-Road client id,
 * in either generation of its code. Throws `invalid_field`.
 */
export function addresseeOf({ headers, query }: DoorRequest): string {
  const given = [headers['dstcode'], query['dstcode'], ...Object.keys(query)]
  const member = given.flatMap((text) => client.exec(text ?? '')?.[1] ?? [])[0]
  if (member !== undefined) return member.replace(older, '')
  throw new GatewayError('invalid_field', { field: 'dstcode', reason: 'names no agency' })
}
