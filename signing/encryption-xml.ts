import { constants, createCipheriv, createDecipheriv, privateDecrypt, publicEncrypt } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'
import { isStrong } from './algorithms.ts'
import { allows } from './certificate.ts'
import type { Certificate } from './certificate.ts'
import type { DecryptionKey } from './keys.ts'
import { drawBytes } from './random.ts'
import {
  aes256Gcm,
  axis,
  ds,
  elementType,
  mgf1Sha256,
  rsaOaep,
  sha256Uri,
  xenc,
  xenc11,
} from './namespaces.ts'
import { expectBase64, expectElement, expectText } from './expect.ts'
import type { Scanned } from './scan.ts'

const ivBytes = 12
const tagBytes = 16
const keyBytes = 32
const oaep = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const

const encryptContent = (plain: Uint8Array, key: Uint8Array): string => {
  const iv = drawBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]).toString('base64')
}

const checkRecipient = (recipient: Certificate): void => {
  if (recipient.publicKey.asymmetricKeyType !== 'rsa' || !isStrong(recipient.publicKey)) {
    throw new GatewayError('weak_algorithm', { reason: 'encryption needs an RSA key of 2048 bits or more' })
  }
  if (!allows(recipient, 'encrypt')) {
    throw new GatewayError('untrusted_certificate', {
      reason: 'key usage of the certificate does not allow encryption',
    })
  }
}

/**
 * EncryptedData in canonical form: AES-256-GCM with a fresh key, which RSA-OAEP (SHA-256, MGF1-SHA256) encrypts for the
 * recipient. KeyName is the fingerprint of the recipient's certificate.
 */
export function writeEncrypted(plain: Uint8Array, recipient: Certificate): string {
  checkRecipient(recipient)
  const key = drawBytes(keyBytes)
  const wrapped = publicEncrypt({ key: recipient.publicKey, ...oaep }, key).toString('base64')
  return (
    `<xenc:EncryptedData xmlns:xenc="${xenc}" Type="${elementType}"><xenc:EncryptionMethod Algorithm="${aes256Gcm}"></xenc:EncryptionMethod>` +
    `<ds:KeyInfo xmlns:ds="${ds}"><xenc:EncryptedKey><xenc:EncryptionMethod Algorithm="${rsaOaep}"><ds:DigestMethod Algorithm="${sha256Uri}"></ds:DigestMethod>` +
    `<xenc11:MGF xmlns:xenc11="${xenc11}" Algorithm="${mgf1Sha256}"></xenc11:MGF></xenc:EncryptionMethod><ds:KeyInfo><ds:KeyName>${recipient.fingerprint}</ds:KeyName></ds:KeyInfo>` +
    `<xenc:CipherData><xenc:CipherValue>${wrapped}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey></ds:KeyInfo>` +
    `<xenc:CipherData><xenc:CipherValue>${encryptContent(plain, key)}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`
  )
}

interface Encrypted {
  /** Fingerprint of the recipient's certificate; `null` when the writer does not say. */
  readonly keyName: string | null
  readonly wrappedKey: Buffer
  readonly content: Buffer
}

const expectMethod = (
  element: Scanned | undefined,
  uri: string,
  children: readonly string[],
): readonly Scanned[] => {
  const algorithm = element?.attributes.get('Algorithm') ?? ''
  if (algorithm !== uri) throw new GatewayError('weak_algorithm', { reason: `encryption must use ${uri}` })
  return expectElement(element, 'xenc:EncryptionMethod', { Algorithm: algorithm }, children)
}

const expectParameter = (
  element: Scanned | undefined,
  attributes: Readonly<Record<string, string>>,
  name: string,
): void => {
  if (element?.attributes.get('Algorithm') !== attributes['Algorithm']) {
    throw new GatewayError('weak_algorithm', { reason: `${name} must be ${attributes['Algorithm'] ?? ''}` })
  }
  expectElement(element, name, attributes, [])
}

const readCipher = (data: Scanned | undefined): Buffer => {
  const [value] = expectElement(data, 'xenc:CipherData', {}, ['xenc:CipherValue'])
  return expectBase64(expectText(value, 'xenc:CipherValue'), 'CipherValue')
}

const readKeyName = (keyInfo: Scanned): string => {
  const [name] = expectElement(keyInfo, 'ds:KeyInfo', {}, ['ds:KeyName'])
  return expectText(name, 'ds:KeyName')
}

const readWrappedKey = (element: Scanned | undefined): Pick<Encrypted, 'keyName' | 'wrappedKey'> => {
  const named = element?.children.find(({ name }) => name === 'ds:KeyInfo')
  const children = [
    'xenc:EncryptionMethod',
    ...(named === undefined ? [] : ['ds:KeyInfo']),
    'xenc:CipherData',
  ]
  const parts = expectElement(element, 'xenc:EncryptedKey', {}, children)
  const [digest, mask] = expectMethod(parts[0], rsaOaep, ['ds:DigestMethod', 'xenc11:MGF'])
  expectParameter(digest, { Algorithm: sha256Uri }, 'ds:DigestMethod')
  expectParameter(mask, { 'xmlns:xenc11': xenc11, Algorithm: mgf1Sha256 }, 'xenc11:MGF')
  return { keyName: named === undefined ? null : readKeyName(named), wrappedKey: readCipher(parts.at(-1)) }
}

const readEncrypted = (body: Scanned): Encrypted => {
  const [data] = expectElement(body, 'Body', { xmlns: axis, Id: 'body' }, ['xenc:EncryptedData'])
  const [method, keyInfo, cipher] = expectElement(
    data,
    'xenc:EncryptedData',
    { 'xmlns:xenc': xenc, Type: elementType },
    ['xenc:EncryptionMethod', 'ds:KeyInfo', 'xenc:CipherData'],
  )
  expectMethod(method, aes256Gcm, [])
  const [key] = expectElement(keyInfo, 'ds:KeyInfo', { 'xmlns:ds': ds }, ['xenc:EncryptedKey'])
  return { ...readWrappedKey(key), content: readCipher(cipher) }
}

/** One reason for every failure: which step failed is nobody's business. */
const undecryptable = (cause?: unknown): GatewayError =>
  new GatewayError('undecryptable', {
    reason: 'content is not encrypted for a key held here, or was changed',
    cause,
  })

const decryptContent = ({ wrappedKey, content }: Encrypted, { key }: DecryptionKey): Buffer => {
  const contentKey = privateDecrypt({ key, ...oaep }, wrappedKey)
  const tagAt = content.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', contentKey, content.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAuthTag(content.subarray(tagAt))
  return Buffer.concat([decipher.update(content.subarray(ivBytes, tagAt)), decipher.final()])
}

/** Decrypts the EncryptedData that `body` holds; `undecryptable`, `weak_algorithm` or `malformed_xml`. */
export function readEncryptedBody(body: Scanned, keys: readonly DecryptionKey[]): Buffer {
  const encrypted = readEncrypted(body)
  const fitting = keys.filter(
    ({ certificate }) => encrypted.keyName === null || certificate.fingerprint === encrypted.keyName,
  )
  let failure: unknown
  for (const key of fitting) {
    try {
      return decryptContent(encrypted, key)
    } catch (cause) {
      failure = cause
    }
  }
  throw undecryptable(failure)
}
