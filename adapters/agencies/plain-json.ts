import type { Message } from '../../schemas/message.ts'
import type { Encoded } from './dialect.ts'

/** The message itself as JSON, for a body without keys on a trusted line. */
export function encodePlain(message: Message): Encoded {
  const body = Buffer.from(JSON.stringify(message))
  return { kind: 'encoded', seal: 'none', contentType: 'application/json', body, headers: {} }
}
