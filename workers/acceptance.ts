import type { Acceptance, NewCatalogChange } from '../adapters/store/store.ts'
import { textOf } from '../schemas/fields.ts'
import { factsOf } from '../schemas/money-fact.ts'
import type { Message } from '../schemas/message.ts'
import { contentHash, naturalKey as naturalKeyOf, referenceKey, sha256 } from '../signing/digest.ts'
import { newId } from '../signing/new-id.ts'
import type { Parsed } from './parse-message.ts'
import { issueReceipt, type Issuer } from './receipts.ts'
import type { Room } from './relay.ts'

interface Routed {
  readonly parsed: Parsed
  readonly original: Uint8Array
  readonly receivedDigest: Uint8Array
  readonly naturalKey: readonly string[] | null
  readonly mustBeNew: boolean
  readonly recipients: readonly string[]
  readonly files: readonly string[]
}

/** Everything that one commit holds for a message. The content hash covers the recipients it names, not those found for it. */
export async function prepare(
  { parsed: { message, row }, original, receivedDigest, naturalKey, mustBeNew, recipients, files }: Routed,
  { issuer, room }: { readonly issuer: Issuer; readonly room: Room },
): Promise<Acceptance> {
  const digests = { contentHash: contentHash(message), originalDigest: sha256(original) }
  return {
    message: { ...message, recipients },
    referenceKey: referenceKey(message.sender, message.senderRef),
    naturalKey: naturalKey === null ? null : naturalKeyOf(message.sender, naturalKey),
    mustBeNew,
    contentHash: digests.contentHash,
    original,
    receivedDigest,
    receipt: await issueReceipt(issuer, 'accepted', { message, digests, at: message.receivedAt }),
    deliveries: recipients.map((recipient) => ({
      id: newId(),
      recipient,
      priority: row.priority,
      lease: room.take(recipient),
    })),
    catalogChanges: catalogChanges(message),
    facts: factsOf(message),
    files,
  }
}

/** Abolishing an entry removes it; anything else adds or replaces it (draft 2025 Art. 10-19). */
function catalogChanges({ action, payload }: Message): readonly NewCatalogChange[] {
  if (action !== 'catalog.changed') return []
  const op = payload['ThaoTac'] === 'bai-bo' ? 'remove' : 'upsert'
  return [{ catalog: textOf(payload['DanhMuc']), code: textOf(payload['Ma']), op, body: payload }]
}
