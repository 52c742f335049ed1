import type { KeyObject } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'
import { ds } from './namespaces.ts'

/** Everything known about one signature algorithm. */
export interface SignatureAlgorithm {
  /** Name in `ds:SignatureMethod` (RFC 6931). */
  readonly uri: string
  /** Name in a JWS header (RFC 7518). */
  readonly jws: string
  /** Digest as node:crypto names it. */
  readonly hash: 'sha256' | 'sha1'
  readonly keyType: 'rsa' | 'ec'
  /** The only curve accepted; `null` where keys have no curve. */
  readonly curve: string | null
  readonly minBits: number
  /** XML Signature and JWS both carry r‖s, not DER. */
  readonly dsaEncoding: 'ieee-p1363'
  /** An RSA private-key operation takes most of a millisecond: it goes to the thread pool. P-256 is quicker than the trip. */
  readonly threaded: boolean
}

/** The signature algorithms spoken; what is not here is weak. */
const signatureAlgorithms = {
  rsa: {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    jws: 'RS256',
    hash: 'sha256',
    keyType: 'rsa',
    curve: null,
    minBits: 2048,
    dsaEncoding: 'ieee-p1363',
    threaded: true,
  },
  ec: {
    uri: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
    jws: 'ES256',
    hash: 'sha256',
    keyType: 'ec',
    curve: 'prime256v1',
    minBits: 256,
    dsaEncoding: 'ieee-p1363',
    threaded: false,
  },
} as const satisfies Record<string, SignatureAlgorithm>

const rows: readonly SignatureAlgorithm[] = Object.values(signatureAlgorithms)

/** What older clients sign with: weak, for those alone who accept it from a partner. */
export const rsaSha1: SignatureAlgorithm = {
  ...signatureAlgorithms.rsa,
  ...{ uri: `${ds}rsa-sha1`, jws: 'RS1', hash: 'sha1' },
}

const fits = (row: SignatureAlgorithm, key: KeyObject): boolean => {
  const details = key.asymmetricKeyDetails
  if (key.asymmetricKeyType !== row.keyType) return false
  return row.curve === null ? (details?.modulusLength ?? 0) >= row.minBits : details?.namedCurve === row.curve
}

/** The algorithm a key signs with; `weak_algorithm` for short keys, other curves and secret keys. */
export function algorithmOf(key: KeyObject): SignatureAlgorithm {
  const row = rows.find((candidate) => fits(candidate, key))
  if (row === undefined)
    throw new GatewayError('weak_algorithm', { reason: 'key must be RSA of 2048 bits or more, or P-256' })
  return row
}

/** The algorithm of a name found in a signature (URI or JWS name), `also` among them, which `key` must fit; else `weak_algorithm`. */
export function algorithmNamed(
  name: string,
  key: KeyObject,
  also: readonly SignatureAlgorithm[] = [],
): SignatureAlgorithm {
  const row = [...rows, ...also].find(({ uri, jws }) => uri === name || jws === name)
  if (row === undefined)
    throw new GatewayError('weak_algorithm', { reason: 'signature algorithm is not accepted' })
  if (!fits(row, key))
    throw new GatewayError('weak_algorithm', { reason: 'key does not fit the signature algorithm' })
  return row
}

/** Whether a key is strong enough for either signing or encryption. */
export const isStrong = (key: KeyObject): boolean => rows.some((row) => fits(row, key))
