import { GatewayError } from './errors.ts'

/** Bytes from `from` to `to`, both counted in. */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/**
 * The part that a Range header asks for (RFC 9110 §14): undefined for the whole, also where it asks for several parts or in a form
 * unknown. Throws `range_not_satisfiable`.
 */
export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  const suffix = first === ''
  const from = suffix ? Math.max(0, size - Number(last)) : Number(first)
  const to = suffix || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (!suffix && last !== '' && Number(last) < Number(first)) return undefined
  if (from > to)
    throw new GatewayError('range_not_satisfiable', { field: 'Range', reason: `of ${size} bytes` })
  return { from, to }
}
