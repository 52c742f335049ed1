import type { KeyObject } from 'node:crypto'
import { open } from 'node:fs/promises'
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

/** Where the bytes of a stored blob lie. */
export interface Place {
  /** Of the whole. */
  readonly size: number
  /** Fewer bytes where it ends before. */
  readAt(at: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

export interface Stored {
  /** Throws `not_found`, `unavailable`. */
  readonly open: () => Promise<Place>
  readonly keys: MasterKeys
  readonly address: string
}

interface Opened {
  readonly place: Place
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
  const place = await stored.open()
  try {
    const opened = await openHead(place, stored)
    await chunkAt(opened, opened.count - 1)
    const { from, to } = range ?? { from: 0, to: opened.size - 1 }
    return Readable.from(chunks(opened, from, to), { objectMode: false, highWaterMark: chunkBytes }).once(
      'close',
      () => void place.close(),
    )
  } catch (error) {
    await place.close()
    throw error
  }
}

/** A blob in a file of this machine. */
export async function openFile(path: string): Promise<Place> {
  const file = await open(path).catch((cause: unknown) => {
    throw new GatewayError(isMissing(cause) ? 'not_found' : 'unavailable', { cause })
  })
  const { size } = await file.stat()
  return {
    size,
    async readAt(at, length) {
      const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, at)
      return buffer.subarray(0, bytesRead)
    },
    close: () => file.close(),
  }
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

async function openHead(place: Place, { keys, address }: Stored): Promise<Opened> {
  const length = (await readAt(place, 0, 2)).readUInt16BE()
  const key = unwrapBlobKey(await readAt(place, 2, length), keys, address)
  const start = 2 + length
  const measured = measureChunks(place.size - start)
  if (measured === null) throw new GatewayError('undecryptable', { reason: 'stored content was cut' })
  return { place, key, start, ...measured }
}

async function chunkAt({ place, key, start, count, size }: Opened, index: number): Promise<Buffer> {
  const isLast = index === count - 1
  const sealed = isLast ? size - index * chunkBytes + sealedChunkBytes - chunkBytes : sealedChunkBytes
  const at = start + index * sealedChunkBytes
  return openChunk(key, await readAt(place, at, sealed), index, isLast)
}

async function* chunks(opened: Opened, from: number, to: number): AsyncGenerator<Buffer> {
  for (let index = Math.floor(from / chunkBytes); index * chunkBytes <= to; index += 1) {
    const begin = index * chunkBytes
    const plain = await chunkAt(opened, index)
    yield plain.subarray(Math.max(0, from - begin), to + 1 - begin)
  }
}

async function readAt(place: Place, at: number, length: number): Promise<Buffer> {
  const bytes = await place.readAt(at, length)
  if (bytes.byteLength < length) throw new GatewayError('undecryptable', { reason: 'stored content was cut' })
  return bytes
}
