import { GatewayError } from '../../../schemas/errors.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { isObject } from '../../../schemas/objects.ts'
import type { DoorRequest } from '../dialect.ts'
import { onceEach } from '../once.ts'

/** A call of a service, as the dialects that carry dossiers read it. */
export interface Asked {
  /** A parameter as text; empty where there is none. In any case of its name. */
  readonly text: (name: string) => string
  /** The rows that it carries: a list, one object, or nothing. */
  readonly rows: () => readonly Payload[]
}

const mark = '\ufeff'

/** The body as UTF-8 without a mark, from whichever charset its content type names; UTF-8 where it names none. */
export function utf8Of({ headers, body }: Pick<DoorRequest, 'headers' | 'body'>): Uint8Array {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8'
  try {
    const text = new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(body)
    return Buffer.from(text.startsWith(mark) ? text.slice(1) : text)
  } catch {
    throw new GatewayError('malformed_request', { field: 'body', reason: `not text in ${charset}` })
  }
}

/** Parameters by their names in lower case. Throws `malformed_request` where a parameter is given twice under names that differ in case alone. */
export function parametersOf(value: unknown): ReadonlyMap<string, Json> {
  if (!isObject(value))
    throw new GatewayError('malformed_request', { field: 'body', reason: 'not an object' })
  return onceEach(Object.entries(value).map(([name, given]) => [name.toLowerCase(), given]))
}

/** Rows as they may come. Throws `invalid_field`. */
export function rowsOf(data: Json | undefined): readonly Payload[] {
  if (data === undefined || data === null || data === '') return []
  if (isObject(data)) return [data]
  const rows = data as Json
  if (Array.isArray(rows) && rows.every(isObject)) return rows
  throw new GatewayError('invalid_field', { field: 'data', reason: 'not a list of objects' })
}
