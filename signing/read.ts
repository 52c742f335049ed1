import type { Payload } from '../schemas/message.ts'
import { partsOf } from './canonical-form.ts'
import { readPayload } from './payload-xml.ts'

/**
 * Reads the payload of an envelope that `openEnvelope` has verified before and the store has kept under authenticated
 * encryption since: its signature is not checked again. Throws `malformed_xml`.
 */
export function readOriginal(original: Uint8Array): Payload {
  return readPayload(partsOf(original).body.element)
}
