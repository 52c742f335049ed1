import { createHash, type KeyObject } from 'node:crypto'
import { rm, type FileHandle } from 'node:fs/promises'
import type { MasterKeys } from '../../signing/at-rest.ts'
import { drawBlobKey, sealChunks, wrapBlobKey } from '../../signing/blob-chunks.ts'
import type { Blob } from './blobs.ts'
import { bounded, createIncoming } from './incoming.ts'
import { addressOf } from './name-key.ts'

export interface Staging {
  /** A folder of this machine. */
  readonly root: string
  readonly keys: MasterKeys
  readonly nameKey: KeyObject
}

interface Coming {
  readonly source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  readonly maxBytes: number
}

/** Takes content, encrypted, to a file of this machine; once it is whole and on disk, `settle` takes the file to where it belongs. */
export async function stage(
  { root, keys, nameKey }: Staging,
  { source, maxBytes }: Coming,
  settle: (path: string, blob: Blob) => Promise<void>,
): Promise<Blob> {
  const hash = createHash('sha256')
  let size = 0
  const seen = bounded(source, maxBytes, (bytes) => {
    hash.update(bytes)
    size += bytes.byteLength
  })
  const incoming = await createIncoming(root)
  try {
    const key = drawBlobKey()
    await writeChunks(incoming.file, sealChunks(key, seen), headOf(key, keys, '').byteLength)
    const digest = hash.digest('hex')
    const blob = { address: addressOf(nameKey, digest), digest, size }
    await incoming.file.write(headOf(key, keys, blob.address), 0, undefined, 0)
    await incoming.file.sync()
    await settle(incoming.path, blob)
    return blob
  } finally {
    await incoming.file.close()
    await rm(incoming.path, { force: true }) // renamed where it stays on this machine
  }
}

/** Length of what follows, then the wrapped key. The address is known when all is read: the head is written last, into the room left for it. */
function headOf(key: KeyObject, keys: MasterKeys, address: string): Buffer {
  const wrapped = wrapBlobKey(key, keys, address)
  const length = Buffer.alloc(2)
  length.writeUInt16BE(wrapped.byteLength)
  return Buffer.concat([length, wrapped])
}

async function writeChunks(file: FileHandle, chunks: AsyncIterable<Buffer>, from: number): Promise<void> {
  let at = from
  for await (const chunk of chunks) {
    await file.write(chunk, 0, undefined, at)
    at += chunk.byteLength
  }
}
