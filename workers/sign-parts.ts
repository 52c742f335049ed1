import { createHash } from 'node:crypto'
import type { BodyPart, Covering, DraftPart } from '../adapters/agencies/body-parts.ts'
import { signBlocks } from '../signing/block-signature.ts'
import type { SigningKey } from '../signing/keys.ts'

export interface SignPartsDeps {
  readonly sealKey: SigningKey
  /** Writes a body of parts anew. */
  readonly openParts: (parts: readonly BodyPart[]) => AsyncIterable<Uint8Array>
}

/** Parts with the gateway's signature wherever it was asked for; files are digested as they are read. Throws GatewayError where a file or a block cannot be. */
export async function signParts(
  parts: readonly DraftPart[],
  deps: SignPartsDeps,
): Promise<readonly BodyPart[]> {
  const signed: BodyPart[] = []
  for (const part of parts)
    signed.push(typeof part === 'object' && 'sign' in part ? await signatureOf(part.sign, deps) : part)
  return signed
}

async function signatureOf({ blocks, files }: Covering, deps: SignPartsDeps): Promise<string> {
  const digests: { readonly uri: string; readonly digest: Uint8Array }[] = []
  for (const { uri, content } of files) {
    const digest = await digestOf(deps.openParts(content))
    if (digest !== null) digests.push({ uri, digest })
  }
  return signBlocks({ blocks, files: digests }, deps.sealKey)
}

/** Null where there is nothing: readers find no file in an empty element, and none must be named. */
async function digestOf(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const hash = createHash('sha256')
  let isEmpty = true
  for await (const piece of bytes) {
    isEmpty &&= piece.byteLength === 0
    hash.update(piece)
  }
  return isEmpty ? null : hash.digest()
}
