import { createHmac, timingSafeEqual } from 'node:crypto'
import { sha256 } from '../../../signing/digest.ts'

/** Whether two texts are the same, in a time that does not tell where they differ. */
export const isSame = (one: string, other: string): boolean => timingSafeEqual(sha256(one), sha256(other))

/** Lower-case hex HMAC-SHA256 over the text that a client has signed, keyed by the secret as UTF-8. */
export const macOf = (signed: string | Uint8Array, secret: string): string =>
  createHmac('sha256', secret).update(signed).digest('hex')

/**
 * Whether one of the secrets has signed the text of a header as it was received. Node reads a header as Latin-1: the official client
 * signs UTF-8 and writes the low byte of each character, others write UTF-8 (edxml §8.1.4). The text is never built anew: the order
 * of its pairs is that of a hash map.
 */
export function isProvedBy(header: string, mac: string, secrets: readonly string[]): boolean {
  const texts = [Buffer.from(header, 'utf8'), Buffer.from(header, 'latin1')]
  return secrets
    .flatMap((secret) => texts.map((text) => isSame(mac.toLowerCase(), macOf(text, secret))))
    .includes(true)
}
