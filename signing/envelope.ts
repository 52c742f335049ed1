import type { Payload } from '../schemas/message.ts'
import type { Certificate } from './certificate.ts'
import { rootEnd, rootStart } from './cut.ts'
import { writeEncrypted } from './encryption-xml.ts'
import { writeHeader } from './header-xml.ts'
import type { EnvelopeHeader } from './header-xml.ts'
import type { SigningKey } from './keys.ts'
import { checkXmlBytes } from './parse-xml.ts'
import { bodyEnd, bodyStart, writePayload } from './payload-xml.ts'
import { writeSignature } from './signature-xml.ts'

export type { EnvelopeHeader } from './header-xml.ts'

/** Header and body become bytes once: what is digested is what is sent. */
const writeSigned = async (headerText: string, bodyText: string, key: SigningKey): Promise<Buffer> => {
  const header = Buffer.from(headerText)
  const body = Buffer.from(bodyText)
  const signature = await writeSignature(header, body, key)
  const bytes = Buffer.concat([rootStartBytes, header, body, Buffer.from(`${signature}${rootEnd}`, 'latin1')])
  checkXmlBytes(bytes)
  return bytes
}

const rootStartBytes = Buffer.from(rootStart)

/**
 * Writes and signs a plain envelope, in canonical form. `invalid_field` for what XML cannot carry, `too_large` beyond what
 * `openEnvelope` reads.
 */
export async function signEnvelope(
  header: EnvelopeHeader,
  payload: Payload,
  key: SigningKey,
): Promise<Uint8Array> {
  return writeSigned(writeHeader(header), writePayload(payload), key)
}

export interface Sealing {
  /** A signed plain envelope, exactly as its sender wrote it. */
  readonly inner: Uint8Array
  /** Header of the outer layer: same sender, senderRef and action, sealed by the hop. */
  readonly header: EnvelopeHeader
  /** Certificate of the recipient's encryption key (RSA). The caller has checked its chain. */
  readonly recipient: Certificate
  readonly key: SigningKey
}

/** Encrypts a signed envelope for its recipient and signs the outer envelope for this hop. */
export async function sealEnvelope({ inner, header, recipient, key }: Sealing): Promise<Uint8Array> {
  return writeSigned(writeHeader(header), `${bodyStart}${writeEncrypted(inner, recipient)}${bodyEnd}`, key)
}
