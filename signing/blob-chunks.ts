import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { GatewayError } from '../schemas/errors.ts'
import { openAtRest, sealAtRest, type MasterKeys } from './at-rest.ts'

/** Plain bytes of a chunk; only the last may hold fewer, and only that of an empty blob none. */
export const chunkBytes = 64 * 1024
const tagBytes = 16
/** Bytes of a full chunk as stored: text, then tag. */
export const sealedChunkBytes = chunkBytes + tagBytes

/** A key for one blob and no other: the chunks' nonces are their numbers. */
export const drawBlobKey = (): KeyObject => createSecretKey(randomBytes(32))

/** The number of the chunk, and whether it is the last: a chunk that is cut off, moved or put after the end does not open. */
function nonce(index: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(index, 7)
  bytes[11] = isLast ? 1 : 0
  return bytes
}

function sealChunk(key: KeyObject, plain: Uint8Array, place: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, place)
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** Opens a stored chunk. Throws `undecryptable` unless it is this one, of this blob, unchanged. */
export function openChunk(key: KeyObject, sealed: Uint8Array, index: number, isLast: boolean): Buffer {
  const tagAt = Math.max(0, sealed.byteLength - tagBytes)
  try {
    const place = nonce(index, isLast)
    const decipher = createDecipheriv('aes-256-gcm', key, place, { authTagLength: tagBytes })
    decipher.setAuthTag(sealed.subarray(tagAt))
    return Buffer.concat([decipher.update(sealed.subarray(0, tagAt)), decipher.final()])
  } catch (cause) {
    throw new GatewayError('undecryptable', { reason: 'stored content was changed, cut or moved', cause })
  }
}

/** Encrypts a stream chunk by chunk (AES-256-GCM); holds at most one chunk beside what it is given. */
export async function* sealChunks(
  key: KeyObject,
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const held = Buffer.allocUnsafe(chunkBytes)
  let fill = 0
  let index = 0
  for await (const bytes of source) {
    for (let at = 0; at < bytes.byteLength;) {
      if (fill === chunkBytes) {
        yield sealChunk(key, held, nonce(index, false)) // there is more: it is not the last
        index += 1
        fill = 0
      }
      const part = bytes.subarray(at, at + chunkBytes - fill)
      held.set(part, fill)
      fill += part.byteLength
      at += part.byteLength
    }
  }
  yield sealChunk(key, held.subarray(0, fill), nonce(index, true))
}

/** Bytes of the stored form apart from its head → number of chunks and plain bytes. Null where no blob has this length. */
export function measureChunks(storedBytes: number): { readonly count: number; readonly size: number } | null {
  const count = Math.ceil(storedBytes / sealedChunkBytes)
  const size = storedBytes - count * tagBytes
  const isWhole = count === 1 ? size >= 0 : size > (count - 1) * chunkBytes
  return count > 0 && isWhole ? { count, size } : null
}

const headName = (address: string) => `blob ${address}`

/** The head of a stored blob: its key, wrapped by the master key for this address alone. Its length depends on the master key's name only. */
export const wrapBlobKey = (key: KeyObject, keys: MasterKeys, address: string): Buffer =>
  sealAtRest(key.export(), keys, headName(address))

/** Reads the key of a stored blob. Throws `undecryptable` where the head is another's. */
export const unwrapBlobKey = (head: Uint8Array, keys: MasterKeys, address: string): KeyObject =>
  createSecretKey(openAtRest(head, keys, headName(address)))
