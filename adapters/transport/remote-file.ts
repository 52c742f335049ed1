import type { Readable } from 'node:stream'
import { request, type Dispatcher } from 'undici'
import type { TransportFailure } from '../agencies/dialect.ts'
import { failureOf } from './failure.ts'

/** A file on another body's server, open for reading. Its stream fails with what `failureOf` reads. */
export interface RemoteFile {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Readable
}

export interface RemoteCall {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Ends the reading. */
  readonly signal: AbortSignal
}

/** Opens a file for reading as it comes. Follows no redirect, sends nothing of the reader's, never throws for what the other side does. */
export type OpenRemote = (call: RemoteCall) => Promise<RemoteFile | TransportFailure>

/** How long an owner may take: to answer at all, between two pieces, for the whole. */
const remoteTimes = { answerMs: 15_000, pieceMs: 30_000, wholeMs: 900_000 } as const

export function createOpenRemote(
  dispatcher: Dispatcher,
  { answerMs, pieceMs, wholeMs }: { readonly [Name in keyof typeof remoteTimes]: number } = remoteTimes,
): OpenRemote {
  return async ({ url, headers, signal }) => {
    try {
      const answer = await request(url, {
        ...{ method: 'GET', headers: { ...headers, 'accept-encoding': 'identity' }, dispatcher },
        ...{ headersTimeout: answerMs, bodyTimeout: pieceMs },
        signal: AbortSignal.any([signal, AbortSignal.timeout(wholeMs)]),
      })
      return { status: answer.statusCode, headers: singles(answer.headers), body: answer.body }
    } catch (error) {
      return failureOf(error)
    }
  }
}

/** Headers that are given once: of two, nobody knows which one counts. */
function singles(headers: Dispatcher.ResponseData['headers']): RemoteFile['headers'] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : undefined]),
  )
}
