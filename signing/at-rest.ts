import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'
import { drawBytes } from './random.ts'

/** Keys that encrypt the keys of stored rows: 32 bytes each. `current` names the one that seals; the others only open. */
export interface MasterKeys {
  readonly current: string
  readonly keys: ReadonlyMap<string, KeyObject>
}

const version = 1
const ivBytes = 12
const tagBytes = 16
const keyBytes = 32
const sealedKeyBytes = ivBytes + tagBytes + keyBytes

const encrypt = (key: KeyObject, plain: Uint8Array, associated: Uint8Array): Buffer => {
  const iv = drawBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(associated)
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text])
}

const decrypt = (key: KeyObject, sealed: Buffer, associated: Uint8Array): Buffer => {
  const iv = sealed.subarray(0, ivBytes)
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  decipher.setAAD(associated).setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
}

const masterKey = ({ keys }: MasterKeys, id: string): KeyObject => {
  const key = keys.get(id)
  if (key === undefined) throw new GatewayError('internal', { reason: 'master key is not loaded' })
  return key
}

/**
 * Encrypts a stored value under a key of its own, wrapped by the current master key (AES-256-GCM twice).
 * One blob: version, length and name of the master key, wrapped key, iv, tag, text. Head and `rowId` are associated data
 * of both layers, so a blob opens in its own row only.
 */
export function sealAtRest(plain: Uint8Array, keys: MasterKeys, rowId: string): Buffer {
  const name = Buffer.from(keys.current)
  const head = Buffer.concat([Buffer.from([version, name.length]), name])
  const associated = Buffer.concat([head, Buffer.from(rowId)])
  const key = drawBytes(keyBytes)
  const wrapped = encrypt(masterKey(keys, keys.current), key, associated)
  return Buffer.concat([head, wrapped, encrypt(createSecretKey(key), plain, associated)])
}

/** Opens what `sealAtRest` wrote for the same row; `undecryptable` when anything was changed or moved. */
export function openAtRest(blob: Uint8Array, keys: MasterKeys, rowId: string): Buffer {
  const bytes = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength)
  const headEnd = 2 + (bytes[1] ?? 0)
  const textStart = headEnd + sealedKeyBytes
  if (bytes[0] !== version || bytes.length < textStart + ivBytes + tagBytes) {
    throw new GatewayError('undecryptable', { reason: 'stored value has another form' })
  }
  const associated = Buffer.concat([bytes.subarray(0, headEnd), Buffer.from(rowId)])
  const master = masterKey(keys, bytes.toString('utf8', 2, headEnd))
  try {
    const key = createSecretKey(decrypt(master, bytes.subarray(headEnd, textStart), associated))
    return decrypt(key, bytes.subarray(textStart), associated)
  } catch (cause) {
    throw new GatewayError('undecryptable', { reason: 'stored value was changed or moved', cause })
  }
}
