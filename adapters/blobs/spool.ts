import { rm, type FileHandle } from 'node:fs/promises'
import type { KeyObject } from 'node:crypto'
import {
  chunkBytes,
  drawBlobKey,
  measureChunks,
  openChunk,
  sealChunks,
  sealedChunkBytes,
} from '../../signing/blob-chunks.ts'
import type { Spool } from './blobs.ts'
import { bounded, createIncoming } from './incoming.ts'

/**
 * A spool in a folder. Each file loses its name as soon as it is open, so that nothing is left when a client goes or the process
 * is killed; its key is never written.
 */
export function createSpool(root: string): Spool {
  return async (source, maxBytes) => {
    const { path, file } = await createIncoming(root)
    try {
      await rm(path)
      const key = drawBlobKey()
      let stored = 0
      for await (const chunk of sealChunks(
        key,
        bounded(source, maxBytes, () => undefined),
      )) {
        await file.write(chunk)
        stored += chunk.byteLength
      }
      return {
        size: measureChunks(stored)?.size ?? 0,
        read: () => read(file, key, stored),
        close: () => file.close(),
      }
    } catch (error) {
      await file.close()
      throw error
    }
  }
}

async function read(file: FileHandle, key: KeyObject, stored: number): Promise<Buffer> {
  const { count, size } = measureChunks(stored) ?? { count: 0, size: 0 }
  const plain = Buffer.allocUnsafe(size)
  const sealed = Buffer.allocUnsafe(sealedChunkBytes)
  for (let index = 0; index < count; index += 1) {
    const { bytesRead } = await file.read(sealed, 0, sealedChunkBytes, index * sealedChunkBytes)
    plain.set(openChunk(key, sealed.subarray(0, bytesRead), index, index === count - 1), index * chunkBytes)
  }
  return plain
}
