import type { Payload } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import { textOf } from '../../../schemas/fields.ts'
import { GatewayError } from '../../../schemas/errors.ts'
import type { KnownBody } from '../door.ts'
import type { DoorRequest } from '../dialect.ts'
import { toPartner } from '../edxml/organ.ts'
import type { VxpOptions } from './options.ts'

/** The code of a body in the form of 2016, for clients that still know it by that. */
const olderCode = (code: string, options: VxpOptions): string =>
  toPartner(code, { codes: options.codes, generation: '2016' })

/** A row of a list of organisations. No text is null: clients read them without looking (edxml §8.1). */
function rowOf({ code, name, parent }: KnownBody, options: VxpOptions): Payload {
  const written = toPartner(code, options)
  const pid = parent === null ? '' : toPartner(parent, options)
  return { id: written, code: written, name, pid, mail: '' }
}

export function agencyRows(bodies: readonly KnownBody[], options: VxpOptions): readonly Payload[] {
  return inUse(bodies).map((body) => ({ ...rowOf(body, options), oldCode: olderCode(body.code, options) }))
}

/** `level` counts from the top: 1 is a ministry or a province; none asks for all. */
export function agencyRowsOf2020(
  bodies: readonly KnownBody[],
  level: string,
  options: VxpOptions,
): readonly Payload[] {
  const parents = new Map(bodies.map(({ code, parent }) => [code, parent]))
  return inUse(bodies)
    .filter(({ code }) => level === '' || String(depthOf(code, parents)) === level)
    .map((body) => ({ ...rowOf(body, options), code102: olderCode(body.code, options) }))
}

/** Retired bodies too, so that a client that keeps a copy drops them. */
export function unitRows(
  bodies: readonly KnownBody[],
  version: number,
  options: VxpOptions,
): readonly Payload[] {
  return bodies.map((body) => ({
    ...rowOf(body, options),
    ...{ version: String(version), centerCode: '', modifyDate: '', isAgency: '1' },
    deleted: body.isRetired ? '1' : '0',
  }))
}

const inUse = (bodies: readonly KnownBody[]): readonly KnownBody[] =>
  bodies.filter(({ isRetired }) => !isRetired)

const deepest = 16

function depthOf(code: string, parents: ReadonlyMap<string, string | null>): number {
  let depth = 1
  for (let above = parents.get(code); above != null && depth < deepest; above = parents.get(above)) depth += 1
  return depth
}

/** The code of a `registerAgency`. Throws `malformed_request`, or `invalid_field` where there is none. */
export function registered({ body }: DoorRequest): string {
  const { code } = Object(readJson(body)) as { readonly code?: unknown }
  if (textOf(code).trim() === '')
    throw new GatewayError('invalid_field', { field: 'code', reason: 'missing' })
  return textOf(code).trim()
}

/**
 * Who may take part is the registry's to say, and its administrators': a client may register what they have put below it already, and
 * nothing else. Throws `forbidden`.
 */
export function confirmRegistered(code: string, bodies: readonly KnownBody[], options: VxpOptions): void {
  const isKnown = inUse(bodies).some((body) => body.isOwn && toPartner(body.code, options) === code)
  if (!isKnown)
    throw new GatewayError('forbidden', {
      field: 'code',
      reason: `${code.slice(0, 64)} is registered by the administrators of the axis`,
    })
}
