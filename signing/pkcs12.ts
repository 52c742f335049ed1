import { createHmac, createPrivateKey, createPublicKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { GatewayError } from '../schemas/errors.ts'
import { readCertificate } from './certificate.ts'
import type { Certificate } from './certificate.ts'
import { integer, nothing, octets, oid, readDer, sequence, tagged, writeDer } from './der.ts'
import type { Der } from './der.ts'

/** What a PKCS#12 file holds: one key, its certificate, and the other certificates. */
export interface KeyStore {
  readonly key: KeyObject
  readonly certificate: Certificate
  readonly chain: Certificate[]
}

const { oids } = forge.pki
const bagOids = {
  key: oids['pkcs8ShroudedKeyBag'] ?? '',
  plainKey: oids['keyBag'] ?? '',
  certificate: oids['certBag'] ?? '',
}

const refuse = (reason: string, cause?: unknown): GatewayError =>
  new GatewayError('untrusted_certificate', { reason, cause })

type Bags = readonly forge.pkcs12.Bag[]

const bagsOf = (store: forge.pkcs12.Pkcs12Pfx, type: string): Bags =>
  store.getBags({ bagType: type })[type] ?? []

/** node-forge understands RSA bags; of others it hands out the ASN.1, which node:crypto understands. */
const readKey = (bag: forge.pkcs12.Bag): KeyObject => {
  const der = bag.key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(bag.key)) : bag.asn1
  return createPrivateKey({ key: writeDer(der), format: 'der', type: 'pkcs8' })
}

const readBagCertificate = (bag: forge.pkcs12.Bag): Certificate =>
  readCertificate(writeDer(bag.cert ? forge.pki.certificateToAsn1(bag.cert) : bag.asn1))

/** Writers spell other characters in different ways, so a passphrase that opens here might open nowhere else. */
const checkPassphrase = (passphrase: string): void => {
  if (!/^[\x20-\x7e]+$/.test(passphrase)) throw refuse('passphrase must be of ASCII characters')
}

const readStore = (bytes: Uint8Array, passphrase: string): forge.pkcs12.Pkcs12Pfx => {
  try {
    return forge.pkcs12.pkcs12FromAsn1(readDer(bytes), false, passphrase)
  } catch (cause) {
    throw refuse('PKCS#12 file cannot be read: wrong passphrase, or damaged', cause)
  }
}

/** Reads a PKCS#12 file with exactly one key, RSA or EC, and the certificate that fits it; else `untrusted_certificate`. */
export function readPkcs12(bytes: Uint8Array, passphrase: string): KeyStore {
  checkPassphrase(passphrase)
  const store = readStore(bytes, passphrase)
  const [bag, ...more] = [...bagsOf(store, bagOids.key), ...bagsOf(store, bagOids.plainKey)]
  if (bag === undefined || more.length > 0) throw refuse('PKCS#12 file must hold one private key')
  const key = readKey(bag)
  const certificates = bagsOf(store, bagOids.certificate).map(readBagCertificate)
  const own = createPublicKey(key)
  const certificate = certificates.find(({ publicKey }) => publicKey.equals(own))
  if (certificate === undefined) throw refuse('PKCS#12 file holds no certificate for its key')
  return { key, certificate, chain: certificates.filter((other) => other !== certificate) }
}

const macIterations = 2048
const sha256Oid = '2.16.840.1.101.3.4.2.1'
const x509Oid = '1.2.840.113549.1.9.22.1'

const data = (content: Buffer): Der => sequence(oid(oids['data'] ?? ''), tagged(0, octets(content)))

const certificateBag = ({ der }: Certificate): Der =>
  sequence(oid(bagOids.certificate), tagged(0, sequence(oid(x509Oid), tagged(0, octets(der)))))

const keyBag = (key: KeyObject, passphrase: string): Der => {
  const der = key.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase })
  return sequence(oid(bagOids.key), tagged(0, readDer(der)))
}

/** HMAC-SHA256 over the content (RFC 7292 §4 and appendix B). */
const macOf = (content: Buffer, passphrase: string): Der => {
  const salt = randomBytes(16)
  // The typings leave out the digest argument that the function takes.
  const derive = forge.pkcs12.generateKey as unknown as (
    ...args: readonly unknown[]
  ) => forge.util.ByteStringBuffer
  const saltBuffer = forge.util.createBuffer(salt.toString('latin1'))
  const key = derive(passphrase, saltBuffer, 3, macIterations, 32, forge.md.sha256.create()).getBytes()
  const mac = createHmac('sha256', Buffer.from(key, 'latin1')).update(content).digest()
  const iterations = Buffer.alloc(2)
  iterations.writeUInt16BE(macIterations)
  return sequence(
    sequence(sequence(oid(sha256Oid), nothing()), octets(mac)),
    octets(salt),
    integer(iterations),
  )
}

/**
 * Writes a PKCS#12 file: the key encrypted with AES-256 (PBES2), the certificates plain, the whole under an HMAC-SHA256.
 * The first certificate of `chain` is the key's own.
 */
export function writePkcs12(key: KeyObject, chain: readonly Certificate[], passphrase: string): Uint8Array {
  checkPassphrase(passphrase)
  const keys = writeDer(sequence(keyBag(key, passphrase)))
  const certificates = writeDer(sequence(...chain.map(certificateBag)))
  const content = writeDer(sequence(data(keys), data(certificates)))
  return writeDer(sequence(integer(Buffer.from([3])), data(content), macOf(content, passphrase)))
}
