import { pipeline } from 'node:stream/promises'
import type { Readable } from 'node:stream'
import type { Response } from 'express'

/** An answer that is no JSON: written as it is read, one piece at a time. */
export interface BytesAnswer {
  readonly kind: typeof bytesAnswer
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Called only where the body goes out; null: there is none. */
  readonly read: (() => Promise<Readable>) | null
}

export const bytesAnswer: unique symbol = Symbol('bytes')

export const isBytesAnswer = (said: unknown): said is BytesAnswer =>
  typeof said === 'object' && said !== null && 'kind' in said && said.kind === bytesAnswer

/** Writes it. A reader that goes away ends the reading; a fault after the first byte cuts the connection, so that nobody takes a part for the whole. */
export async function writeBytes(res: Response, { status, headers, read }: BytesAnswer): Promise<void> {
  const wantsBody = read !== null && res.req.method !== 'HEAD'
  const stream = wantsBody ? await read() : null
  res.status(status).set({ ...headers })
  if (stream === null) {
    res.end()
    return
  }
  await pipeline(stream, res).catch((error: unknown) => {
    if (!isGone(error)) throw error
  })
}

/** Whether a reader went away before it had all. */
export const isGone = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
