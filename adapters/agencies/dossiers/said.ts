import { textOf } from '../../../schemas/fields.ts'
import type { Json, Payload } from '../../../schemas/message.ts'
import { isObject } from '../../../schemas/objects.ts'
import { readFields } from '../answer-json.ts'

/** What a national server says of a call: both empty where it cannot be read. */
export interface ServerSaid {
  readonly code: string
  readonly message: string
}

/** Reads a code and a message under the names that the server has for them, as text or bare. */
export function readSaid(
  body: Uint8Array,
  names: ServerSaid = { code: 'error_code', message: 'message' },
): ServerSaid {
  const fields = readFields(body)
  return { code: textOf(fields[names.code]), message: textOf(fields[names.message]) }
}

/** The rows in `result`, in any case of its name; one object is a list of one, and what is no object is left out. */
export function readRows(body: Uint8Array): readonly Payload[] {
  const given = Object.entries(readFields(body)).find(([name]) => name.toLowerCase() === 'result')?.[1]
  const rows = Array.isArray(given) ? (given as readonly Json[]) : [given ?? null]
  return rows.filter(isObject)
}

/** The words by which a server says that it has a dossier already (dvcqg §3.4), in either form of Unicode. */
export const saysExists = (message: string): boolean => folded(message).includes('đã tồn tại')

/** The words by which a server says that it has taken something (dvcqg §3.4); `không thành công` holds them too. */
export const saysTaken = (message: string): boolean =>
  /(?<!(?:không|chưa)\s+)thành công/.test(folded(message))

/** Whether those words stand anywhere: to some clients that alone is success. */
export const namesSuccess = (message: string): boolean => folded(message).includes('thành công')

const folded = (message: string): string => message.normalize('NFC').toLowerCase()
