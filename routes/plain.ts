import type { Request, RequestHandler } from 'express'
import { GatewayError } from '../schemas/errors.ts'

/** Headers that decide who calls, what is read and how often it counts: of two, a proxy may read one and we the other. */
const single: ReadonlySet<string> = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'transfer-encoding',
])

/** Empty or dot segments, and encoded slashes, dots, backslashes or control characters: what others would read as another path. */
const disguised = /\/\/|\/\.{1,2}(?:\/|$)|%(?:2e|2f|5c|[01][0-9a-f]|7f)|[\\\x00-\x20\x7f-\uffff]/i

/** Refuses a request that could be read in two ways: a path in disguise, a deciding header given twice. */
export const plain: RequestHandler = (req, _res, next) => {
  if (disguised.test(req.path))
    throw new GatewayError('malformed_request', { reason: 'the path is not in its plain form' })
  const twice = repeated(req)
  if (twice !== undefined)
    throw new GatewayError('malformed_request', { field: twice, reason: 'given more than once' })
  next()
}

/** Node joins some repeated headers and drops others: only the raw list shows them. */
function repeated({ rawHeaders }: Request): string | undefined {
  const seen = new Set<string>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    const lower = name.toLowerCase()
    if (!single.has(lower)) continue
    if (seen.has(lower)) return name
    seen.add(lower)
  }
  return undefined
}
