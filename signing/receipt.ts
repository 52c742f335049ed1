import { z } from 'zod'
import { GatewayError } from '../schemas/errors.ts'
import { receiptKinds } from '../schemas/receipt.ts'
import type { Receipt, SignedReceipt } from '../schemas/receipt.ts'
import { algorithmNamed } from './algorithms.ts'
import type { Certificate } from './certificate.ts'
import { signBytes, verifyBytes } from './keys.ts'
import type { SigningKey } from './keys.ts'

const type = 'receipt+jws'

const JwsHeader = z.strictObject({ alg: z.string(), typ: z.literal(type), 'x5t#S256': z.string() })

const ReceiptBody: z.ZodType<Receipt> = z.strictObject({
  id: z.string(),
  kind: z.enum(receiptKinds),
  issuer: z.string(),
  messageId: z.string(),
  sender: z.string(),
  senderRef: z.string(),
  action: z.string(),
  contentDigest: z.string(),
  originalDigest: z.string(),
  at: z.int(),
  recipient: z.string().exactOptional(),
  deliveryId: z.string().exactOptional(),
  sealedDigest: z.string().exactOptional(),
  code: z.string().exactOptional(),
  reason: z.string().exactOptional(),
})

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const thumbprint = ({ fingerprint }: Certificate): string =>
  Buffer.from(fingerprint, 'hex').toString('base64url')
const refuse = (reason: string, cause?: unknown): GatewayError =>
  new GatewayError('bad_signature', { reason, cause })

/** Signs a receipt as a compact JWS (RFC 7515); `x5t#S256` names the certificate (RFC 7515 §4.1.8). */
export async function signReceipt(receipt: Receipt, key: SigningKey): Promise<SignedReceipt> {
  const head = { alg: key.algorithm.jws, typ: type, 'x5t#S256': thumbprint(key.certificate) }
  const signed = `${encode(head)}.${encode(receipt)}`
  const signature = await signBytes(key, Buffer.from(signed))
  return { receipt, jws: `${signed}.${signature.toString('base64url')}` }
}

/** Bytes of a base64url text in its one true spelling. */
const decode = (text: string): Buffer => {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.toString('base64url') !== text) throw refuse('receipt is not base64url')
  return bytes
}

const parse = <T>(schema: z.ZodType<T>, bytes: Buffer): T => {
  try {
    return schema.parse(JSON.parse(bytes.toString()))
  } catch (cause) {
    throw refuse('receipt cannot be read', cause)
  }
}

/** The receipt, if `certificate` signed it; else `bad_signature` or `weak_algorithm`. Trust in the certificate is the caller's to check. */
export function verifyReceipt(jws: string, certificate: Certificate): Receipt {
  const [head, body, signature, ...rest] = jws.split('.')
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) {
    throw refuse('receipt is not a compact JWS')
  }
  const header = parse(JwsHeader, decode(head))
  const key = certificate.publicKey
  const algorithm = algorithmNamed(header.alg, key)
  if (header['x5t#S256'] !== thumbprint(certificate)) throw refuse('receipt names another certificate')
  const bytes = Buffer.from(`${head}.${body}`)
  if (!verifyBytes({ bytes, signature: decode(signature), key, algorithm }))
    throw refuse('receipt was changed')
  return parse(ReceiptBody, decode(body))
}
