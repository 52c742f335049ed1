import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../schemas/errors.ts'

/** The rest of a body as it comes. Who stops reading does not cut the connection: the answer still has to go out on it. */
export function sourceOf(req: IncomingMessage): AsyncIterable<Uint8Array> {
  const source = (req as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
  return { [Symbol.asyncIterator]: () => ({ next: () => source.next() }) }
}

export interface Start {
  readonly parts: readonly Uint8Array[]
  /** Whether that is all. */
  readonly isWhole: boolean
}

/** Reads a body by events, which cost less than an iterator, until it ends or `take` says that it is enough. What `take` throws is thrown. */
export function readStart(req: IncomingMessage, take: (bytes: Uint8Array) => boolean): Promise<Start> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = []
    const settle = (act: () => void) => {
      req.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
      req.pause()
      act()
    }
    const onData = (bytes: Uint8Array) => {
      parts.push(bytes)
      try {
        if (!take(bytes)) settle(() => resolve({ parts, isWhole: false }))
      } catch (error) {
        settle(() => reject(error instanceof Error ? error : new Error(String(error))))
      }
    }
    const onEnd = () => settle(() => resolve({ parts, isWhole: true }))
    const onGone = () =>
      settle(() => reject(new GatewayError('malformed_request', { reason: 'the body was cut off' })))
    req.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}
