import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { DoorRequest } from '../dialect.ts'

/** What every argument travels under, as a header (edxml §8.1). */
export const prefix = 'XroadVnpt-'

/** The arguments of a call. */
export interface Arguments {
  /** The value of a header that is signed; empty where there is none. Throws `bad_signature` where it differs from what is signed. */
  text(name: string): string
}

const lowerPrefix = prefix.toLowerCase()

/** A header's value: UTF-8 where it is, else the Latin-1 that Node reads. */
function decoded(header: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'))
  } catch {
    return header
  }
}

/** A header as it was received; empty where there is none. */
export const headerOf = ({ headers }: DoorRequest, name: string): string =>
  headers[`${lowerPrefix}${name.toLowerCase()}`] ?? ''

/** Values by name in lower case: a client that has used `docId` and `docid` signs both, and sends one (edxml §8.1.2). */
function signedPairs(request: DoorRequest): ReadonlyMap<string, readonly string[]> {
  const pairs = new Map<string, readonly string[]>()
  const signed = readJson(Buffer.from(decoded(headerOf(request, 'sign-header'))))
  if (typeof signed !== 'object' || signed === null || Array.isArray(signed))
    throw new GatewayError('malformed_request', { field: 'sign-header', reason: 'not an object' })
  for (const [name, value] of Object.entries(signed)) {
    const folded = name.toLowerCase()
    pairs.set(folded, [...(pairs.get(folded) ?? []), textOf(value)])
  }
  return pairs
}

/**
 * Reads what a verb asks for and nothing else: the official client never clears its arguments, so that each call repeats those of
 * earlier ones (edxml §8.1.1). Throws `malformed_request`.
 */
export function argumentsOf(request: DoorRequest): Arguments {
  const pairs = signedPairs(request)
  return {
    text(name) {
      const value = decoded(headerOf(request, name))
      const signed = pairs.get(`${lowerPrefix}${name.toLowerCase()}`) ?? []
      if (value === '' || signed.includes(value)) return value.trim()
      throw new GatewayError('bad_signature', { field: name, reason: 'differs from what is signed' })
    },
  }
}
