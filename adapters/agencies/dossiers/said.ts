import { textOf } from '../../../schemas/fields.ts'
import type { Payload } from '../../../schemas/message.ts'

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
  try {
    const fields = JSON.parse(Buffer.from(body).toString('utf8')) as Payload // read as it may be
    return { code: textOf(fields[names.code]), message: textOf(fields[names.message]) }
  } catch {
    return { code: '', message: '' }
  }
}

/** The words by which a server says that it has a dossier already (dvcqg §3.4), in either form of Unicode. */
export const saysExists = (message: string): boolean => folded(message).includes('đã tồn tại')

/** The words by which a server says that it has taken something (dvcqg §3.4); `không thành công` holds them too. */
export const saysTaken = (message: string): boolean =>
  /(?<!(?:không|chưa)\s+)thành công/.test(folded(message))

const folded = (message: string): string => message.normalize('NFC').toLowerCase()
