import { GatewayError } from '../../../schemas/errors.ts'
import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { readJson } from '../../../schemas/read-json.ts'
import type { DoorRequest } from '../dialect.ts'

/** A request's body by the names of its parameters in lower case, whatever their case. */
export interface Asked {
  readonly isLogin: boolean
  readonly service: string
  readonly session: string
  readonly madonvi: string
  /** A parameter as text; empty where there is none. Its name in lower case. */
  readonly text: (name: string) => string
  /** The rows of `data`: a list, one object, or nothing. */
  readonly rows: () => readonly Payload[]
}

const mark = '\ufeff'

/** The body as UTF-8 without a mark, from whichever charset its content type names; UTF-8 where it names none. */
function utf8Of({ headers, body }: DoorRequest): Uint8Array {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  try {
    const text = new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(body)
    return Buffer.from(text.startsWith(mark) ? text.slice(1) : text)
  } catch {
    throw new GatewayError('malformed_request', { field: 'body', reason: `not text in ${charset}` })
  }
}

const isObject = (value: unknown): value is Payload =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Throws `malformed_request` where a parameter is given twice under names that differ in case alone. */
function parametersOf(value: unknown): ReadonlyMap<string, Json> {
  if (!isObject(value))
    throw new GatewayError('malformed_request', { field: 'body', reason: 'not an object' })
  const parameters = new Map<string, Json>()
  for (const [name, given] of Object.entries(value)) {
    const folded = name.toLowerCase()
    if (parameters.has(folded) && JSON.stringify(parameters.get(folded)) !== JSON.stringify(given))
      throw new GatewayError('malformed_request', { field: folded, reason: 'is given twice' })
    parameters.set(folded, given)
  }
  return parameters
}

const read = new WeakMap<DoorRequest, Asked>()

/** Reads a request once. An empty body has no parameters. Throws `malformed_request` or `too_large`. */
export function askedOf(request: DoorRequest): Asked {
  const known = read.get(request)
  if (known !== undefined) return known
  const bytes = utf8Of(request)
  const parameters = parametersOf(bytes.byteLength === 0 ? {} : readJson(bytes))
  const text = (name: string) => textOf(parameters.get(name)).trim()
  const asked: Asked = {
    isLogin: /\/login\/?$/i.test(request.path) && text('service') === '',
    service: text('service'),
    session: text('session'),
    madonvi: text('madonvi'),
    text: (name) => text(name.toLowerCase()),
    rows: () => rowsOf(parameters.get('data')),
  }
  read.set(request, asked)
  return asked
}

function rowsOf(data: Json | undefined): readonly Payload[] {
  if (data === undefined || data === null || data === '') return []
  if (isObject(data)) return [data]
  const rows = data as Json
  if (Array.isArray(rows) && rows.every(isObject)) return rows
  throw new GatewayError('invalid_field', { field: 'data', reason: 'not a list of objects' })
}
