import { createPublicKey, sign, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'
import { algorithmOf } from './algorithms.ts'
import type { SignatureAlgorithm } from './algorithms.ts'
import type { Certificate } from './certificate.ts'

/** A private key that signs, with its certificate. Made by `signingKey` only. */
export interface SigningKey {
  readonly key: KeyObject
  readonly certificate: Certificate
  readonly algorithm: SignatureAlgorithm
}

/** An RSA private key that opens what was encrypted for its certificate. */
export interface DecryptionKey {
  readonly key: KeyObject
  readonly certificate: Certificate
}

/** Binds a private key to its certificate; `weak_algorithm` or `untrusted_certificate` when they are weak or do not match. */
export function signingKey(key: KeyObject, certificate: Certificate): SigningKey {
  if (key.type !== 'private')
    throw new GatewayError('weak_algorithm', { reason: 'signing needs a private key' })
  const algorithm = algorithmOf(key)
  if (!createPublicKey(key).equals(certificate.publicKey)) {
    throw new GatewayError('untrusted_certificate', { reason: 'certificate is not for this key' })
  }
  return { key, certificate, algorithm }
}

/** Signs bytes: P-256 at once, RSA in the thread pool. */
export function signBytes({ key, algorithm }: SigningKey, bytes: Uint8Array): Promise<Buffer> {
  const { hash, dsaEncoding, threaded } = algorithm
  if (!threaded) return Promise.resolve(sign(hash, bytes, { key, dsaEncoding }))
  return new Promise((resolve, reject) => {
    sign(hash, bytes, { key, dsaEncoding }, (error, signature) => {
      if (error === null) resolve(signature)
      else reject(error)
    })
  })
}

export interface SignedBytes {
  readonly bytes: Uint8Array
  readonly signature: Uint8Array
  readonly key: KeyObject
  readonly algorithm: SignatureAlgorithm
}

/** Whether the signature is right. */
export function verifyBytes({ bytes, signature, key, algorithm }: SignedBytes): boolean {
  return verify(algorithm.hash, bytes, { key, dsaEncoding: algorithm.dsaEncoding }, signature)
}
