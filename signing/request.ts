import { createPublicKey, type KeyObject } from 'node:crypto'
import { integer, readDer, sequence, tagged } from './der.ts'
import { nameOf, publicDer, signedDer, type Names } from './issue.ts'

/** A request for a certificate (PKCS#10, RFC 2986) as PEM, signed with the key it asks for. */
export function certificateRequest(key: KeyObject, names: Names): string {
  const spki = readDer(publicDer(createPublicKey(key)))
  const der = signedDer(() => sequence(integer(Buffer.from([0])), nameOf(names), spki, tagged(0)), key)
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE REQUEST-----', ...lines, '-----END CERTIFICATE REQUEST-----', ''].join('\n')
}
