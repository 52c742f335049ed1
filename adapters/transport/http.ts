import { Readable } from 'node:stream'
import { Agent, request, type Dispatcher } from 'undici'
import type { Transport, TransportAnswer, TransportFailure } from '../agencies/transport.ts'
import { GatewayError } from '../../schemas/errors.ts'
import { createConnector, usual, type Connecting } from './connect.ts'
import { failureOf } from './failure.ts'
import { createOpenRemote, type OpenRemote } from './remote-file.ts'

/** Ways out that are kept at once, by the networks that they may reach. */
const mostWays = 64

export interface HttpTransport {
  /** The way out to a body that may be reached at public addresses and in `networks` (CIDRs). Connections are shared by those with the same list only. */
  to(networks: readonly string[]): Transport
  /** The same way, for reading files as they come. */
  reading(networks: readonly string[]): OpenRemote
  close(): Promise<void>
}

/** Of one list of networks: connections to one origin at most, and how long an idle one is kept. */
const pool = { connections: 64, pipelining: 1, keepAliveTimeout: 20_000 } as const

/** The way out over HTTP: kept-alive connections, no redirect followed, bounded in time and in size of the answer. */
export function createHttpTransport(given: Partial<Connecting> = {}): HttpTransport {
  const ways = new Map<string, Agent>()
  const open = (networks: readonly string[]) =>
    new Agent({ ...pool, connect: createConnector({ ...usual, ...given, networks }) })
  const wayTo = (networks: readonly string[]): Agent => {
    const key = [...networks].sort().join(' ')
    const way = ways.get(key) ?? open(networks)
    ways.set(key, way)
    dropOldest(ways)
    return way
  }
  return {
    to(networks) {
      const way = wayTo(networks)
      return { post: (call) => post(way, call) }
    },
    reading: (networks) => createOpenRemote(wayTo(networks)),
    close: async () => {
      await Promise.all([...ways.values()].map((way) => way.close()))
    },
  }
}

/** Lists change seldom; what is dropped ends its calls under way first. */
function dropOldest(ways: Map<string, Agent>): void {
  const [oldest] = ways
  if (ways.size <= mostWays || oldest === undefined) return
  ways.delete(oldest[0])
  void oldest[1].close()
}

type Call = Parameters<Transport['post']>[0]

async function post(
  dispatcher: Agent,
  { method = 'POST', url, headers, body, streamed, timeoutMs, maxAnswerBytes, receive }: Call,
): Promise<TransportAnswer | TransportFailure> {
  const signal = AbortSignal.timeout(timeoutMs)
  try {
    const answer = await request(url, {
      method,
      headers:
        streamed === undefined ? { ...headers } : { ...headers, 'content-length': String(streamed.size) },
      body: method === 'GET' ? null : streamed === undefined ? body : Readable.from(streamed.open()),
      signal,
      dispatcher,
    })
    if (receive === undefined || Math.floor(answer.statusCode / 100) !== 2)
      return await read(answer, maxAnswerBytes)
    const answered = flatten(answer.headers)
    await receive(bounded(answer.body, maxAnswerBytes), answered)
    return { status: answer.statusCode, headers: answered, body: new Uint8Array(0) }
  } catch (error) {
    if (error instanceof GatewayError) throw error
    return failureOf(error)
  }
}

async function* bounded(source: AsyncIterable<unknown>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of source) {
    const bytes = chunk as Buffer // undici yields Buffers when no encoding is set
    size += bytes.byteLength
    if (size > maxBytes) throw new GatewayError('too_large', { reason: `more than ${maxBytes} bytes` })
    yield bytes
  }
}

async function read(answer: Dispatcher.ResponseData, maxBytes: number): Promise<TransportAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer.body) {
    const bytes = chunk as Buffer // undici yields Buffers when no encoding is set
    size += bytes.byteLength
    if (size > maxBytes) break // the status decides; the rest of a long answer is not read
    chunks.push(bytes)
  }
  return { status: answer.statusCode, headers: flatten(answer.headers), body: Buffer.concat(chunks) }
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )
}
