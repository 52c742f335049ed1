import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'

/** A push as it arrived: its headers in any case, its body byte for byte (before any JSON parser). */
export interface ArrivedPush {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: Uint8Array | string
}

export interface PushCheck {
  /** Each `whsec_` and base64, shared with the gateway, or `whpk_` and the gateway's public Ed25519 key; two while one replaces the other. */
  readonly secrets: readonly string[]
  /** Milliseconds since 1970. */
  readonly now?: number
  /** How far the clocks may be apart and the push old; 300 unless given. */
  readonly toleranceSeconds?: number
}

/** What a push says when its signature is right. */
export interface VerifiedPush {
  /** Of the delivery; the same when it comes again, so keep it to tell repeats. */
  readonly id: string
  /** When it was signed, in ms. */
  readonly at: number
  /** The JSON of the body. */
  readonly content: unknown
}

/** DER of an Ed25519 public key up to its 32 bytes (RFC 8410 §4). */
const ed25519Prefix = Buffer.from('302a300506032b6570032100', 'hex')
const publicKeyBytes = 32

/**
 * Checks a push by the Standard Webhooks headers `webhook-id`, `webhook-timestamp` and `webhook-signature` (any of several
 * signatures, any of several secrets) and reads its JSON. Throws GatewayError `bad_signature` with the reason.
 */
export function verifyPush({ headers, body }: ArrivedPush, check: PushCheck): VerifiedPush {
  const { secrets, now = Date.now(), toleranceSeconds = 300 } = check
  const header = headerOf(headers)
  const id = header('webhook-id')
  const timestamp = header('webhook-timestamp')
  if (!/^\d{1,12}$/.test(timestamp)) throw bad('not a time in seconds', 'webhook-timestamp')
  const at = Number(timestamp) * 1000
  if (Math.abs(now - at) > toleranceSeconds * 1000)
    throw bad('too old, or of the future', 'webhook-timestamp')
  const bytes = Buffer.from(body)
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), bytes])
  const given = header('webhook-signature').split(' ')
  if (!secrets.some((secret) => given.some((each) => isSignature(each, signed, secret))))
    throw bad('no signature matches a secret', 'webhook-signature')
  return { id, at, content: readContent(bytes) }
}

function headerOf(headers: ArrivedPush['headers']): (name: string) => string {
  const known = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  return (name) => {
    const value = known.get(name)
    if (typeof value !== 'string' || value === '') throw bad('missing, or given more than once', name)
    return value
  }
}

/** A secret of a kind that nobody knows lets nobody in. */
function isSignature(given: string, signed: Uint8Array, secret: string): boolean {
  const [, kind = 'whsec', base64 = ''] = /^(?:([a-z]+)_)?([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  const key = Buffer.from(base64, 'base64')
  if (key.byteLength === 0) return false // an empty secret would let everybody in
  return checks[kind]?.(given, signed, key) ?? false
}

type Check = (given: string, signed: Uint8Array, key: Buffer) => boolean

const checks: Readonly<Partial<Record<string, Check>>> = {
  whsec(given, signed, key) {
    const expected = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    const bytes = Buffer.from(given)
    return bytes.byteLength === expected.byteLength && timingSafeEqual(bytes, expected)
  },
  whpk(given, signed, key) {
    const [, base64] = /^v1a,([A-Za-z0-9+/]+={0,2})$/.exec(given) ?? []
    if (base64 === undefined || key.byteLength !== publicKeyBytes) return false
    const der = Buffer.concat([ed25519Prefix, key])
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' })
    return verify(null, signed, publicKey, Buffer.from(base64, 'base64'))
  },
}

function readContent(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new GatewayError('malformed_request', { reason: 'the body is not JSON', cause })
  }
}

function bad(reason: string, field: string): GatewayError {
  return new GatewayError('bad_signature', { reason, field })
}
