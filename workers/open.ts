import type { Sealed, Trusted } from '../adapters/agencies/dialect.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Payload } from '../schemas/message.ts'
import { sha256 } from '../signing/digest.ts'
import { signEnvelope, type EnvelopeHeader } from '../signing/envelope.ts'
import type { DecryptionKey, SigningKey } from '../signing/keys.ts'
import { openEnvelope } from '../signing/open.ts'
import type { Directory } from './directory.ts'

/** Content whose origin is established: verified, and decrypted where it was encrypted. */
export interface Opened {
  readonly header: EnvelopeHeader
  readonly payload: Payload
  /** The signed plain envelope: what proves the content later. */
  readonly original: Uint8Array
  /** SHA-256 of exactly what came over the wire. */
  readonly receivedDigest: Uint8Array
}

export type Open = (content: Sealed | Trusted, now: number) => Promise<Opened>

export interface OpenDeps {
  readonly code: string
  readonly sealKey: SigningKey
  readonly decryptionKeys: readonly DecryptionKey[]
  readonly directory: () => Directory
}

/** Opens what came in: a sender's envelope is verified; content authenticated by the door alone is sealed once, with the hub's own key. */
export function createOpen(deps: OpenDeps): Open {
  return async (content, now) => {
    if (content.kind === 'sealed') return sealable(await openSealed(content.bytes, now, deps))
    const header = { ...content.header, sealedBy: deps.code }
    return {
      header,
      payload: content.payload,
      original: await signEnvelope(header, content.payload, deps.sealKey),
      receivedDigest: sha256(content.original),
    }
  }
}

function openSealed(bytes: Uint8Array, now: number, deps: OpenDeps): Promise<Opened> {
  return openEnvelope(bytes, {
    now,
    ownerOf: (fingerprint) => deps.directory().ownerOf(fingerprint),
    decryptionKeys: deps.decryptionKeys,
    gateways: [deps.code],
  })
}

/** Sealing for a recipient adds a third (base64): what would not fit then is refused now, while its sender listens. */
const maxOriginalBytes = 1_400_000

function sealable(opened: Opened): Opened {
  if (opened.original.byteLength > maxOriginalBytes)
    throw new GatewayError('too_large', {
      field: 'Body',
      reason: `an envelope holds at most ${maxOriginalBytes} bytes`,
    })
  return opened
}
