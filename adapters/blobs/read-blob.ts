import type { KeyObject } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { GatewayError } from '../../schemas/errors.ts'
import type { MasterKeys } from '../../signing/at-rest.ts'
import {
  chunkBytes,
  measureChunks,
  openChunk,
  sealedChunkBytes,
  unwrapBlobKey,
} from '../../signing/blob-chunks.ts'
import type { Range } from './blobs.ts'

export interface Stored {
  readonly path: string
  readonly keys: MasterKeys
  readonly address: string
}

interface Opened {
  readonly file: FileHandle
  readonly key: KeyObject
  /** Bytes before the first chunk. */
  readonly start: number
  /** Of the chunks. */
  readonly count: number
  readonly size: number
}

/**
 * Opens a blob as a stream that holds one chunk at a time. The last chunk is opened before the first byte goes out, whatever the
 * range: a blob that was cut is found while its reader can still be told.
 */
export async function readBlob(stored: Stored, range?: Range): Promise<Readable> {
  const file = await open(stored.path).catch((cause: unknown) => {
    throw new GatewayError(isMissing(cause) ? 'not_found' : 'unavailable', { cause })
  })
  try {
    const opened = await openHead(file, stored)
    await chunkAt(opened, opened.count - 1)
    const { from, to } = range ?? { from: 0, to: opened.size - 1 }
    return Readable.from(chunks(opened, from, to), { objectMode: false, highWaterMark: chunkBytes }).once(
      'close',
      () => void file.close(),
    )
  } catch (error) {
    await file.close()
    throw error
  }
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

async function openHead(file: FileHandle, { keys, address }: Stored): Promise<Opened> {
  const length = (await readAt(file, 0, 2)).readUInt16BE()
  const key = unwrapBlobKey(await readAt(file, 2, length), keys, address)
  const start = 2 + length
  const measured = measureChunks((await file.stat()).size - start)
  if (measured === null) throw new GatewayError('undecryptable', { reason: 'stored content was cut' })
  return { file, key, start, ...measured }
}

async function chunkAt({ file, key, start, count, size }: Opened, index: number): Promise<Buffer> {
  const isLast = index === count - 1
  const sealed = isLast ? size - index * chunkBytes + sealedChunkBytes - chunkBytes : sealedChunkBytes
  const at = start + index * sealedChunkBytes
  return openChunk(key, await readAt(file, at, sealed), index, isLast)
}

async function* chunks(opened: Opened, from: number, to: number): AsyncGenerator<Buffer> {
  for (let index = Math.floor(from / chunkBytes); index * chunkBytes <= to; index += 1) {
    const begin = index * chunkBytes
    const plain = await chunkAt(opened, index)
    yield plain.subarray(Math.max(0, from - begin), to + 1 - begin)
  }
}

async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at)
  if (bytesRead < length) throw new GatewayError('undecryptable', { reason: 'stored content was cut' })
  return buffer
}
