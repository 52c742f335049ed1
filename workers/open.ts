import { randomUUID } from 'node:crypto'
import type { Content, Sealed, Trusted } from '../adapters/agencies/dialect.ts'
import type { Caller } from '../schemas/agency.ts'
import { bounds } from '../schemas/bounds.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Payload } from '../schemas/message.ts'
import { sha256 } from '../signing/digest.ts'
import { signEnvelope, type EnvelopeHeader } from '../signing/envelope.ts'
import type { DecryptionKey, SigningKey } from '../signing/keys.ts'
import { openEnvelope } from '../signing/open.ts'
import type { Directory } from './directory.ts'

/** Content whose origin is established: verified, and decrypted where it was encrypted; or vouched for by the door. */
export interface Opened {
  readonly header: EnvelopeHeader
  readonly payload: Payload
  /** The sender's signed plain envelope, which proves the content later; null where the sender has signed nothing. */
  readonly envelope: Uint8Array | null
  /** SHA-256 of exactly what came over the wire. */
  readonly receivedDigest: Uint8Array
  /** What names its thing, where the sender gives its messages no reference. */
  readonly naturalKey: readonly string[] | null
  /** Whether nothing else may have been accepted under its natural key. */
  readonly mustBeNew: boolean
  /** The action that it has instead where something else was; null = it is refused. */
  readonly elseAs: string | null
  /** What its door has found, for those who see the message. */
  readonly flags: readonly string[]
}

/** Opens what a caller handed in at `now` (ms). Rejects with GatewayError. */
export type Open = (content: Content, caller: Caller, now: number) => Promise<Opened>

/** The envelope that proves opened content: the sender's, or one that the gateway now seals. */
export type Seal = (opened: Opened) => Promise<Uint8Array>

export interface OpenDeps {
  readonly code: string
  readonly decryptionKeys: readonly DecryptionKey[]
  readonly directory: () => Directory
}

/** A sender's envelope is verified. Content that the door alone has authenticated is marked with how, for the gateway to seal. */
export function createOpen(deps: OpenDeps): Open {
  return async (content, caller, now) => {
    if (content.kind === 'unreadable') throw content.error
    if (content.kind === 'trusted') return vouchedFor(content, caller, { now, code: deps.code })
    return openSealed(content, now, deps)
  }
}

function vouchedFor(
  { header, payload, original, naturalKey, mustBeNew = false, elseAs, flags = [] }: Trusted,
  { method, credentialId }: Caller,
  { now, code }: { readonly now: number; readonly code: string },
): Opened {
  return {
    header: {
      ...{ sentAt: now, senderRef: randomUUID(), ...header },
      ...{ sealedBy: code, authenticatedBy: { method, credentialId } },
    },
    payload,
    envelope: null,
    receivedDigest: sha256(original),
    naturalKey: naturalKey ?? null,
    mustBeNew,
    elseAs: elseAs ?? null,
    flags,
  }
}

/** Nobody seals for another at the door: what this gateway once sealed for a body is no message of that body. */
async function openSealed({ bytes }: Sealed, now: number, deps: OpenDeps): Promise<Opened> {
  const { header, payload, original, receivedDigest } = await openEnvelope(bytes, {
    now,
    ownerOf: (fingerprint) => deps.directory().ownerOf(fingerprint),
    decryptionKeys: deps.decryptionKeys,
    gateways: [],
  })
  return {
    ...{ header, payload, receivedDigest, envelope: sealable(original) },
    ...{ naturalKey: null, mustBeNew: false, elseAs: null, flags: [] },
  }
}

/** Seals with the hub's own key what its sender has not signed. Call it for content that may be accepted and for no other. */
export function createSeal({ sealKey }: { readonly sealKey: SigningKey }): Seal {
  return async ({ envelope, header, payload }) =>
    envelope ?? sealable(await signEnvelope(header, payload, sealKey))
}

/** Sealing for a recipient adds a third (base64): what would not fit then is refused now, while its sender listens. */
function sealable(envelope: Uint8Array): Uint8Array {
  if (envelope.byteLength > bounds.originalBytes)
    throw new GatewayError('too_large', {
      field: 'Body',
      reason: `a message holds at most ${bounds.originalBytes} bytes as XML; send files to POST /v1/files and refer to them`,
    })
  return envelope
}
