import { Readable } from 'node:stream'
import type { RemoteFile } from '../adapters/transport/remote-file.ts'
import type { TransportFailure } from '../adapters/agencies/dialect.ts'
import { GatewayError, type ErrorCode } from '../schemas/errors.ts'

/** What an owner's answer means, where it is no file. A redirect is none: it would lead where nobody has looked. */
const refusals: Readonly<Record<number, ErrorCode>> = {
  408: 'file_unreachable',
  416: 'range_not_satisfiable',
  425: 'file_unreachable',
  429: 'file_unreachable',
}

const given = new Set([200, 206, 304])

function refusalOf(status: number): GatewayError {
  const code = refusals[status] ?? (status >= 500 ? 'file_unreachable' : 'file_withheld')
  return new GatewayError(code, { reason: `HTTP ${status}` })
}

/** Codes alone: the words of a failed connection name addresses inside the owner's network. */
function failed({ failure, code }: TransportFailure): GatewayError {
  return new GatewayError(failure === 'configuration' ? 'file_withheld' : 'file_unreachable', {
    reason: code,
  })
}

/**
 * An owner's answer as a file of at most `maxBytes`. Throws `file_withheld`, `file_unreachable`, `range_not_satisfiable` or
 * `too_large`; beyond the bound, and where the owner stops, the stream fails in the same words.
 */
export function boundedFile(opened: RemoteFile | TransportFailure, maxBytes: number): RemoteFile {
  if ('failure' in opened) throw failed(opened)
  const { status, headers, body } = opened
  if (given.has(status) && sizeOf(headers) <= maxBytes)
    return { status, headers, body: Readable.from(pieces(body, maxBytes), { objectMode: false }) }
  body.on('error', () => undefined).destroy() // nobody reads on
  throw given.has(status) ? tooLarge(maxBytes) : refusalOf(status)
}

const tooLarge = (maxBytes: number) =>
  new GatewayError('too_large', { reason: `more than ${maxBytes} bytes` })

/** Bytes of the whole file, as far as its owner says: of a part the whole counts. */
function sizeOf({ 'content-length': length, 'content-range': range }: RemoteFile['headers']): number {
  const whole = /\/(\d{1,15})$/.exec(range ?? '')?.[1] ?? length ?? ''
  return /^\d{1,15}$/.test(whole) ? Number(whole) : 0
}

async function* pieces(body: Readable, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0
  try {
    for await (const piece of body as AsyncIterable<Uint8Array>) {
      size += piece.byteLength
      if (size > maxBytes) throw tooLarge(maxBytes)
      yield piece
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw new GatewayError('file_unreachable', { cause: error })
  }
}
