import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32, createDeflateRaw, createInflateRaw } from 'node:zlib'
import { GatewayError } from '../../schemas/errors.ts'
import { createCursor } from './cursor.ts'

/** Archives of one entry, read and written as they come (APPNOTE §4.3): the wrapping that document systems put around files. */

export interface Entry {
  readonly name: string
  readonly content: AsyncIterable<Buffer>
}

const localSignature = 0x04034b50
const isEncrypted = 0x0001
/** Sizes follow the content. */
const isDescribed = 0x0008
const isUtf8 = 0x0800
const stored = 0
const deflated = 8

/** More than this of a small archive is no document any more. */
const mostRatio = 200
const freeBytes = 1024 * 1024

const unreadable = (reason: string): GatewayError => new GatewayError('malformed_request', { reason })

/**
 * Opens the first entry of an archive. Throws `malformed_request` where there is none that can be read, as a stream `too_large` where
 * it grows beyond all measure.
 */
export async function firstEntry(source: AsyncIterable<Uint8Array>): Promise<Entry> {
  const cursor = createCursor(source)
  const head = await cursor.take(30)
  if (head.byteLength < 30 || head.readUInt32LE(0) !== localSignature) throw unreadable('not a ZIP archive')
  const [flags, method, size] = [head.readUInt16LE(6), head.readUInt16LE(8), head.readUInt32LE(18)]
  const name = (await cursor.take(head.readUInt16LE(26))).toString('utf8')
  await cursor.take(head.readUInt16LE(28))
  if ((flags & isEncrypted) !== 0) throw unreadable('the ZIP archive is encrypted')
  if (method === deflated) return { name, content: inflate(cursor.rest()) }
  if (method !== stored || (flags & isDescribed) !== 0)
    throw unreadable(`ZIP method ${method} cannot be read`)
  return { name, content: exactly(size, cursor.rest()) }
}

async function* inflate(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const sum = { taken: 0, given: 0 }
  try {
    for await (const piece of through(
      counted(source, (bytes) => (sum.taken += bytes)),
      createInflateRaw(),
    )) {
      sum.given += piece.byteLength
      if (sum.given > freeBytes && sum.given > sum.taken * mostRatio)
        throw new GatewayError('too_large', { reason: 'the ZIP archive grows beyond all measure' })
      yield piece
    }
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : unreadable('the ZIP archive is damaged')
  }
}

async function* counted<Piece extends Uint8Array>(
  source: AsyncIterable<Piece>,
  count: (bytes: number) => void,
): AsyncGenerator<Piece> {
  for await (const piece of source) {
    count(piece.byteLength)
    yield piece
  }
}

async function* through(source: AsyncIterable<Uint8Array>, coding: Transform): AsyncGenerator<Buffer> {
  const fed = pipeline(Readable.from(source), coding).catch(() => undefined) // the reader below is told
  try {
    for await (const piece of coding) yield piece as Buffer // zlib yields Buffers
  } finally {
    coding.destroy()
    await fed
  }
}

async function* exactly(size: number, source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let missing = size
  for await (const piece of source) {
    yield piece.subarray(0, missing)
    missing -= Math.min(missing, piece.byteLength)
    if (missing === 0) return
  }
  if (missing > 0) throw unreadable('the ZIP archive was cut')
}

/** 1 January 1980: the same content is the same archive. */
const noTime = 0x00210000

/** Writes an archive of one entry. Deflated, since readers of streams refuse what is stored without a size. */
export async function* oneEntry(name: string, source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const title = Buffer.from(name)
  const local = header([localSignature, 4], [20, 2], [isUtf8 | isDescribed, 2], [deflated, 2], [noTime, 4])
  yield Buffer.concat([local, header([0, 4], [0, 4], [0, 4], [title.byteLength, 2], [0, 2]), title])
  const sum = { crc: 0, size: 0, packed: 0 }
  async function* summed(): AsyncGenerator<Uint8Array> {
    for await (const piece of source) {
      sum.crc = crc32(piece, sum.crc)
      sum.size += piece.byteLength
      yield piece
    }
  }
  yield* counted(through(summed(), createDeflateRaw()), (bytes) => (sum.packed += bytes))
  yield endOf(title, sum)
}

interface Sum {
  readonly crc: number
  readonly size: number
  readonly packed: number
}

function endOf(title: Buffer, { crc, size, packed }: Sum): Buffer {
  const sizes = header([crc, 4], [packed, 4], [size, 4])
  const descriptor = Buffer.concat([header([0x08074b50, 4]), sizes])
  const start = 30 + title.byteLength + packed + descriptor.byteLength
  const directory = Buffer.concat([
    header([0x02014b50, 4], [20, 2], [20, 2], [isUtf8 | isDescribed, 2], [deflated, 2], [noTime, 4]),
    sizes,
    header([title.byteLength, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [0, 4]),
    title,
  ])
  const end = header([0x06054b50, 4], [0, 2], [0, 2], [1, 2], [1, 2], [directory.byteLength, 4], [start, 4])
  return Buffer.concat([descriptor, directory, end, header([0, 2])])
}

/** Numbers, each with its width in bytes. */
function header(...fields: readonly (readonly [value: number, bytes: number])[]): Buffer {
  return Buffer.concat(
    fields.map(([value, bytes]) => {
      const field = Buffer.alloc(bytes)
      field.writeUIntLE(value, 0, bytes)
      return field
    }),
  )
}
