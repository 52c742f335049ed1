import type { Dialect, Draft, Encoded } from '../adapters/agencies/dialect.ts'
import type { Claimed } from '../adapters/store/store.ts'
import type { Agency } from '../schemas/agency.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Message } from '../schemas/message.ts'
import { sealEnvelope } from '../signing/envelope.ts'
import { withReachableLinks, type LinkDeps } from './links.ts'
import { signParts, type SignPartsDeps } from './sign-parts.ts'

export interface SealDeps extends LinkDeps, SignPartsDeps {
  readonly dialectOf: (agency: Agency) => Dialect
  /** Code of this gateway: `SealedBy` of what it hands over. */
  readonly code: string
  readonly now: () => number
}

/** A message that is ready to be handed over, or the reason why it cannot be. */
export type Sealing =
  | { readonly kind: 'ready'; readonly encoded: Encoded }
  | { readonly kind: 'unsealable'; readonly code: string; readonly reason: string }

/**
 * Puts a claimed message into its recipient's dialect, and seals or signs it where the dialect asks for it. Throws what passes by itself,
 * such as a store of files that does not answer.
 */
export async function prepare(claimed: Claimed, agency: Agency, deps: SealDeps): Promise<Sealing> {
  try {
    const encoded = deps.dialectOf(agency).encode(withReachableLinks(claimed.message, deps), agency)
    if (encoded.kind === 'unsupported')
      return { kind: 'unsealable', code: 'unsupported', reason: encoded.reason }
    const signed = await sign(encoded, deps)
    return signed.seal === 'none' ? { kind: 'ready', encoded: signed } : await seal(claimed, signed, deps)
  } catch (error) {
    if (error instanceof GatewayError && !error.row.retryable)
      return { kind: 'unsealable', code: error.code, reason: error.reason ?? error.code }
    throw error
  }
}

/** The gateway's own signature within a body of parts. */
async function sign({ parts, ...encoded }: Draft, deps: SignPartsDeps): Promise<Encoded> {
  return parts === undefined ? encoded : { ...encoded, parts: await signParts(parts, deps) }
}

/** The axis seal: the sender's envelope, encrypted to the recipient, signed by this hop. */
async function seal(claimed: Claimed, encoded: Encoded, deps: SealDeps): Promise<Sealing> {
  const recipient = deps.directory().certificates.encryptionCertificate(claimed.recipient, deps.now())
  if (recipient === undefined)
    return {
      kind: 'unsealable',
      code: 'no_certificate',
      reason: `${claimed.recipient} has no certificate to encrypt to`,
    }
  const body = await sealEnvelope({
    inner: claimed.original,
    header: { ...headerOf(claimed.message), sealedBy: deps.code, deliveryId: claimed.deliveryId },
    recipient,
    key: deps.sealKey,
  })
  return { kind: 'ready', encoded: { ...encoded, body } }
}

/** What the outer header repeats of a message. Field by field: a copy of the whole would read the payload. */
function headerOf(message: Message) {
  const { id: messageId, sender, senderRef, recipients, action, sentAt, receivedAt } = message
  const { conversationId, refToMessageId, expiresAt } = message
  return {
    ...{ messageId, sender, senderRef, recipients, action, sentAt, receivedAt },
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(refToMessageId === undefined ? {} : { refToMessageId }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}
