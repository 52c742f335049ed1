import { on } from 'node:events'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import busboy from 'busboy'
import { GatewayError } from '../../../schemas/errors.ts'
import type { Incoming, KeptFile } from '../content.ts'
import type { DoorRequest } from '../dialect.ts'

/** Of one request; how large a file may be is not said here. */
const limits = { files: 20, fields: 50, parts: 70, fieldSize: 4096 } as const

/**
 * The files of a multipart form (RFC 7578), whatever their fields are called, one after the other as they come: of those that wait no
 * more is held than their streams buffer. Throws `malformed_request`, or `too_large` for too many.
 */
async function* filesOf(
  bytes: AsyncIterable<Uint8Array>,
  request: DoorRequest,
): AsyncGenerator<AsyncIterable<Uint8Array>> {
  const parser = parserOf(request)
  const found = on(parser, 'file', { close: ['close'] }) as AsyncIterable<[string, Readable]>
  parser.once('filesLimit', () => parser.destroy(tooMany()))
  parser.on('file', (_field: string, file: Readable) => file.on('error', () => undefined)) // one that nobody reads yet
  pipeline(Readable.from(bytes), parser).catch(() => undefined) // `found` throws the same
  try {
    for await (const [, file] of found) yield bytesOf(file)
  } catch (error) {
    throw unreadable(error)
  } finally {
    parser.destroy()
  }
}

function parserOf({ headers }: DoorRequest): Writable {
  try {
    return busboy({ headers, limits })
  } catch (error) {
    throw unreadable(error)
  }
}

async function* bytesOf(file: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* file as AsyncIterable<Uint8Array> // a file stream of bytes
  } catch (error) {
    throw unreadable(error)
  }
}

const tooMany = () =>
  new GatewayError('too_large', { field: 'files', reason: `more than ${limits.files} files` })

function unreadable(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause
  return new GatewayError('malformed_request', {
    field: 'body',
    reason: 'not multipart/form-data, or cut off',
    cause,
  })
}

/** Keeps the files of an upload. Throws GatewayError. */
export async function takeUpload(
  { bytes, keeping }: Incoming,
  request: DoorRequest,
): Promise<readonly KeptFile[]> {
  const kept: KeptFile[] = []
  for await (const file of filesOf(bytes, request)) kept.push(await keeping.keep(file))
  return kept
}
