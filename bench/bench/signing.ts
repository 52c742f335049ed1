import { generateKeyPairSync } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import type { Client } from '../../client/index.ts'
import { action, payloadOf } from './letters.ts'
import type { Plan } from './options.ts'
import type { Place } from './place.ts'

const digest = 'http://www.w3.org/2001/04/xmlenc#sha256'
const canonical = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'

/** Operations per second, one after the other in one process, on an envelope with a payload of `bytes` and an RSA-2048 signature. */
export interface SigningRow {
  readonly bytes: number
  readonly sign: number
  readonly xmlCryptoSign: number
  /** Verified, and its content read. */
  readonly verify: number
  /** Verified; its content is not read. */
  readonly xmlCryptoVerify: number
}

export interface Signer {
  /** Signs with RSA-2048. */
  readonly client: Client
  readonly recipient: string
}

export function signerOf({ senders: [client], recipients: [recipient = ''] }: Place): Signer {
  if (client === undefined) throw new Error('the place has no sender')
  return { client, recipient }
}

/** Signs a message with a payload of `bytes`. */
export function signing({ client, recipient }: Signer, bytes: number): () => Promise<Uint8Array> {
  const payload = payloadOf(bytes, 'H49.05-261121-000001')
  return () => client.write<string>({ action, recipients: [recipient] }, payload)
}

/** Signs and verifies at each size, ours and xml-crypto's in turn. */
export async function measureSigning(
  { client, recipient }: Signer,
  { sizes, ms }: Plan['signing'],
): Promise<readonly SigningRow[]> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const rows: SigningRow[] = []
  for (const bytes of sizes) {
    const write = signing({ client, recipient }, bytes)
    const envelope = Buffer.from(await write())
    const xml = envelope.toString()
    const unsigned = xml.replace(/<ds:Signature [\s\S]*<\/ds:Signature>/, '')
    rows.push({
      bytes,
      sign: await perSecond(write, ms),
      xmlCryptoSign: await perSecond(() => signWithXmlCrypto(unsigned, pem), ms),
      verify: await perSecond(() => client.open(envelope), ms),
      xmlCryptoVerify: await perSecond(() => verifyWithXmlCrypto(xml), ms),
    })
  }
  return rows
}

/**
 * How often something is done in a second of processor time, so that what a signature waits for a thread is not counted, and what a second
 * thread does is. Runs it for `ms`, once at least, after half that time (and once at least) that does not count: V8 compiles
 * what is used often.
 */
export async function perSecond(run: () => unknown, ms: number): Promise<number> {
  await repeat(run, ms / 2)
  return repeat(run, ms)
}

async function repeat(run: () => unknown, ms: number): Promise<number> {
  const began = process.cpuUsage()
  let count = 0
  let took = 0
  while (count === 0 || took < ms) {
    await run()
    count += 1
    const { user, system } = process.cpuUsage(began)
    took = (user + system) / 1_000
  }
  return (count * 1_000) / took
}

function signWithXmlCrypto(xml: string, privateKey: string): string {
  const signed = new SignedXml({
    privateKey,
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: canonical,
  })
  for (const part of ['Header', 'Body'])
    signed.addReference({
      xpath: `/*/*[local-name(.)='${part}']`,
      digestAlgorithm: digest,
      transforms: [canonical],
    })
  signed.computeSignature(xml, { prefix: 'ds' })
  return signed.getSignedXml()
}

function verifyWithXmlCrypto(xml: string): void {
  const [signature = ''] = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(xml) ?? []
  const [, base64 = ''] = /<ds:X509Certificate>([^<]*)</.exec(signature) ?? []
  const verifier = new SignedXml({ publicCert: pemOf(base64), getCertFromKeyInfo: () => null })
  verifier.loadSignature(signature)
  if (!verifier.checkSignature(xml)) throw new Error('xml-crypto finds the signature wrong')
}

function pemOf(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`
}
