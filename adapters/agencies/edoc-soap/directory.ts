import type { Payload } from '../../../schemas/message.ts'
import type { KnownBody } from '../known.ts'
import { toPartner } from '../edxml/organ.ts'
import type { EdocOptions } from './options.ts'

const isBelow = (code: string, top: string, bodies: ReadonlyMap<string, KnownBody>): boolean => {
  const seen = new Set<string>()
  for (let at: string | null = code; at !== null && !seen.has(at); at = bodies.get(at)?.parent ?? null) {
    if (at === top) return true
    seen.add(at)
  }
  return false
}

/**
 * The organisations in use as the bus lists them, those of `under` (in the partner's own code) and below it where it is given. `OrganId`
 * is of the partner's generation of codes, `OldOrganId` that of 2016. No text is missing: clients read them without looking.
 */
export function organisationRows(
  bodies: readonly KnownBody[],
  options: EdocOptions,
  under = '',
): readonly Payload[] {
  const known = new Map(bodies.map((body) => [body.code, body]))
  const top = bodies.find(({ code }) => toPartner(code, options).toLowerCase() === under.toLowerCase())
  if (under !== '' && top === undefined) return []
  return bodies
    .filter(({ code, isRetired }) => !isRetired && (top === undefined || isBelow(code, top.code, known)))
    .map(({ code, name, parent }) => ({
      OrganId: toPartner(code, options),
      OrganizationInCharge: known.get(parent ?? '')?.name ?? '',
      ...{ OrganName: name, OrganAdd: '', Email: '', Telephone: '', Fax: '', Website: '' },
      OldOrganId: toPartner(code, { codes: options.codes, generation: '2016' }),
    }))
}
