import type { Encoded } from '../adapters/agencies/dialect.ts'
import type { Claimed } from '../adapters/store/store.ts'
import { sealEnvelope } from '../signing/envelope.ts'
import type { SigningKey } from '../signing/keys.ts'
import type { Directory } from './directory.ts'

export interface SealDeps {
  readonly directory: () => Directory
  /** Code of this gateway: `SealedBy` of what it hands over. */
  readonly code: string
  readonly sealKey: SigningKey
}

/** An encoded message that is ready to go, or the reason why it cannot be sealed. */
export type Sealing =
  | { readonly kind: 'ready'; readonly encoded: Encoded }
  | { readonly kind: 'unsealable'; readonly reason: string }

/** Puts the axis seal on an encoded message where its dialect asks for it: the sender's envelope, encrypted to the recipient, signed by this hop. */
export async function seal(claimed: Claimed, encoded: Encoded, deps: SealDeps): Promise<Sealing> {
  if (encoded.seal === 'none') return { kind: 'ready', encoded }
  const recipient = deps.directory().encryptionCertificate(claimed.recipient)
  if (recipient === undefined)
    return { kind: 'unsealable', reason: `${claimed.recipient} has no certificate to encrypt to` }
  const { id: messageId, payload: _payload, ...header } = claimed.message
  const body = await sealEnvelope({
    inner: claimed.original,
    header: { ...header, sealedBy: deps.code, messageId, deliveryId: claimed.deliveryId },
    recipient,
    key: deps.sealKey,
  })
  return { kind: 'ready', encoded: { ...encoded, body } }
}
