import type { Request, RequestHandler, Response } from 'express'
import { bounds, type Bounds } from '../schemas/bounds.ts'
import { GatewayError } from '../schemas/errors.ts'
import { readStart, sourceOf, type Start } from './body-source.ts'
import { createTurns } from './turns.ts'

/** Bytes kept for a moment on disk instead of in memory. */
export type Spool = (
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
) => Promise<{ read(): Promise<Uint8Array>; close(): Promise<void> }>

type BodyBounds = Pick<Bounds, 'messageBytes' | 'memoryBytes' | 'incomingBytes' | 'spooled' | 'turns'>

/**
 * Reads the body of a message into `req.body`. A small one stays in memory; a large one is taken to disk as it comes and read back
 * when it is its turn, so that many at once, or slow ones, take no more memory than a few. Refuses codings: what they grow to is
 * not known before.
 */
export function createReadBody(spool: Spool, by: BodyBounds = bounds): RequestHandler {
  const turns = createTurns(by.turns)
  let incoming = 0
  let spooled = 0

  async function start(req: Request): Promise<Start> {
    let size = 0
    try {
      return await readStart(req, (bytes) => {
        size += bytes.byteLength
        incoming += bytes.byteLength
        if (incoming > by.incomingBytes) throw busy('too many bytes under way')
        return size <= by.memoryBytes
      })
    } finally {
      incoming -= size
    }
  }

  async function large(source: AsyncIterable<Uint8Array>, res: Response): Promise<Uint8Array> {
    if (spooled >= by.spooled) throw busy('too many large messages under way')
    spooled += 1
    try {
      const stored = await spool(source, by.messageBytes)
      try {
        await untilTurn(res)
        return await stored.read()
      } finally {
        await stored.close()
      }
    } finally {
      spooled -= 1
    }
  }

  /** The turn ends with the answer; a sender that has gone meanwhile has none. */
  async function untilTurn(res: Response): Promise<void> {
    const end = await turns.take()
    if (isGone(res)) {
      end()
      throw new GatewayError('malformed_request', { reason: 'the sender has gone' })
    }
    res.once('close', end)
  }

  return async (req, res, next) => {
    refuseUnreadable(req, by.messageBytes)
    const { parts, isWhole } = await start(req)
    req.body = isWhole ? whole(parts) : await large(joined(parts, sourceOf(req)), res)
    next()
  }
}

const isGone = ({ req: { socket } }: Response) => socket.destroyed

function whole(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts
  return parts.length === 1 && first !== undefined ? first : Buffer.concat(parts)
}

async function* joined(
  parts: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* parts
  yield* rest
}

function refuseUnreadable({ headers }: Request, maxBytes: number): void {
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity')
    throw new GatewayError('unsupported_media', { field: 'Content-Encoding', reason: 'expected: none' })
  if (Number(headers['content-length'] ?? 0) > maxBytes)
    throw new GatewayError('too_large', {
      reason: `a message holds at most ${maxBytes} bytes; send files to POST /v1/files and refer to them`,
    })
}

const busy = (reason: string) => new GatewayError('too_many_requests', { reason, retryAfterSeconds: 1 })
