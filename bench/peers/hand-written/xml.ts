import {
  constants,
  createCipheriv,
  createDecipheriv,
  publicEncrypt,
  randomBytes,
  sign,
  verify,
  X509Certificate,
  type KeyObject,
} from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import type { Settings } from './shared.ts'

const digest = 'http://www.w3.org/2001/04/xmlenc#sha256'
const canonical = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const ecdsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256'

export interface Letter {
  readonly sender: string
  readonly senderRef: string
  readonly recipient: string
  readonly action: string
}

/** xml-crypto has RSA only; this is how a caller gives it P-256, so that the hop signs as cheaply as ours. */
class EcdsaSha256 {
  getSignature = (info: unknown, key: unknown): string =>
    sign('sha256', Buffer.from(String(info)), { key: key as KeyObject, dsaEncoding: 'ieee-p1363' }).toString(
      'base64',
    )
  verifySignature = (material: string, key: unknown, value: string): boolean =>
    verify(
      'sha256',
      Buffer.from(material),
      { key: key as KeyObject, dsaEncoding: 'ieee-p1363' },
      Buffer.from(value, 'base64'),
    )
  getAlgorithmName = (): string => ecdsaSha256
}

const text = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''

/** Checks the signature against the sender's own certificate and reads the header from what was signed; null when it is wrong. */
export function openLetter(xml: string, certificateOf: ReadonlyMap<string, string>): Letter | null {
  const [signature = ''] = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(xml) ?? []
  const publicCert = certificateOf.get(text(xml, 'Sender'))
  if (publicCert === undefined) return null
  const verifier = new SignedXml({ publicCert, getCertFromKeyInfo: () => null })
  verifier.loadSignature(signature)
  if (!verifier.checkSignature(xml)) return null
  const [header = ''] = verifier.getSignedReferences()
  return {
    sender: text(header, 'Sender'),
    senderRef: text(header, 'SenderRef'),
    recipient: text(header, 'Recipient'),
    action: text(header, 'Action'),
  }
}

/** Encrypts a letter to its recipient (AES-256-GCM, RSA-OAEP) and signs the whole for this hop. */
export function createSeal({ signingKey, recipients }: Pick<Settings, 'signingKey' | 'recipients'>) {
  const keys = new Map(
    recipients.map(({ code, certificate }) => [code, new X509Certificate(certificate).publicKey]),
  )
  return (
    original: Buffer,
    { id, recipient }: { readonly id: string; readonly recipient: string },
  ): string => {
    const key = keys.get(recipient)
    if (key === undefined) throw new Error(`no certificate of ${recipient}`)
    const content = randomBytes(32)
    const wrapped = publicEncrypt(
      { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' },
      content,
    )
    const cipher = encrypt(content, original).toString('base64')
    const xml =
      `<Envelope><Header Id="header"><MessageId>${id}</MessageId><Recipient>${recipient}</Recipient></Header>` +
      `<Body Id="body"><Key>${wrapped.toString('base64')}</Key><Cipher>${cipher}</Cipher></Body></Envelope>`
    const signer = new SignedXml({
      privateKey: signingKey,
      signatureAlgorithm: ecdsaSha256,
      canonicalizationAlgorithm: canonical,
    })
    signer.SignatureAlgorithms[ecdsaSha256] = EcdsaSha256 // its type asks for optional callbacks
    for (const part of ['Header', 'Body'])
      signer.addReference({
        xpath: `/*/*[local-name(.)='${part}']`,
        digestAlgorithm: digest,
        transforms: [canonical],
      })
    signer.computeSignature(xml, { prefix: 'ds' })
    return signer.getSignedXml()
  }
}

const ivBytes = 12
const tagBytes = 16

export function encrypt(key: Uint8Array, plain: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

export function decrypt(key: Uint8Array, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes))
  decipher.setAuthTag(sealed.subarray(ivBytes, ivBytes + tagBytes))
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes + tagBytes)), decipher.final()])
}
