import { macOf } from './proof.ts'
import { prefix } from './arguments.ts'
import { writeMoment } from './moment.ts'

const version = '3.0.201608'

/** Who calls, and when (ms). */
export interface Signer {
  readonly systemId: string
  readonly secret: string
  readonly now: number
}

/**
 * Headers of a call as the official client writes them, but with a fresh timestamp and the arguments of this call alone (edxml §8.1,
 * §11.12). Values are ASCII: others would be damaged on the way.
 */
export function signedHeaders(
  given: Readonly<Record<string, string>>,
  contentType: string,
  { systemId, secret, now }: Signer,
): Readonly<Record<string, string>> {
  const values = { systemid: systemId, ...given, timestamp: writeMoment(now), 'Content-Type': contentType }
  const headers = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`${prefix}${name}`, ascii(value)]),
  )
  const signed = JSON.stringify(headers)
  return {
    ...headers,
    'content-type': contentType,
    [`${prefix}sign-header-key`]: Object.keys(values).join(';'),
    [`${prefix}sign-header`]: signed,
    [`${prefix}hash-header`]: macOf(signed, secret),
    [`${prefix}version`]: version,
  }
}

const ascii = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
