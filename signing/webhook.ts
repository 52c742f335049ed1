import { createHmac, createPrivateKey, sign, type KeyObject } from 'node:crypto'

/** What a Standard Webhooks signature covers. `timestamp` is in seconds since 1970. */
export interface Webhook {
  readonly id: string
  readonly timestamp: number
  readonly body: Uint8Array
}

type Signer = (content: Uint8Array) => string

/** DER of an Ed25519 private key up to its 32 bytes (RFC 8410 §7). */
const ed25519Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const seedBytes = 32

/**
 * The value of `webhook-signature` (Standard Webhooks 1.0.0): one signature for each secret that can be read, `whsec_` (24 to 64 bytes,
 * HMAC-SHA256, `v1`) or `whsk_` (Ed25519, `v1a`), joined by spaces. Empty when none can.
 */
export function signWebhook({ id, timestamp, body }: Webhook, secrets: readonly string[]): string {
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body])
  return secrets.flatMap((secret) => signerOf(secret)?.(content) ?? []).join(' ')
}

/** Whether a text is a secret that signs. */
export function isWebhookSecret(text: string): boolean {
  return signerOf(text) !== null
}

function signerOf(secret: string): Signer | null {
  const [, kind = '', base64 = ''] = /^(whsec|whsk)_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? []
  const bytes = Buffer.from(base64, 'base64')
  if (kind === 'whsec' && bytes.length >= 24 && bytes.length <= 64)
    return (content) => `v1,${createHmac('sha256', bytes).update(content).digest('base64')}`
  if (kind === 'whsk' && (bytes.length === seedBytes || bytes.length === 2 * seedBytes)) {
    const key = ed25519Key(bytes.subarray(0, seedBytes)) // the public half may follow it
    return (content) => `v1a,${sign(null, content, key).toString('base64')}`
  }
  return null
}

function ed25519Key(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([ed25519Prefix, seed]), format: 'der', type: 'pkcs8' })
}
