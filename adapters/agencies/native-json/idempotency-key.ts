import { GatewayError } from '../../../schemas/errors.ts'

export const keyHeader = 'Idempotency-Key'

const maxLength = 128
/** A string of RFC 8941 §3.3.3, the form that the IETF draft asks for. */
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/
/** The form that many clients send. A comma or a quote would leave it open what was meant. */
const bare = /^[\x21\x23-\x2b\x2d-\x7e]+$/

/**
 * The sender's reference in the header `Idempotency-Key`, quoted (draft-ietf-httpapi-idempotency-key-header) or bare: both
 * name the same reference. Throws `invalid_field` naming the header.
 */
export function readIdempotencyKey(header: string | undefined): string {
  const written = header?.trim() ?? ''
  if (written === '') throw refused("missing: your own reference of this message, such as 'H49-2026-000017'")
  const key = quoted.exec(written)?.[1]?.replace(/\\(["\\])/g, '$1') ?? bare.exec(written)?.[0]
  if (key === undefined || key.trim() === '')
    throw refused('expected one reference of printable ASCII, in double quotes where it has blanks or commas')
  if (key.length > maxLength) throw refused(`longer than ${maxLength} characters`)
  return key
}

function refused(reason: string): GatewayError {
  return new GatewayError('invalid_field', { field: keyHeader, reason })
}
