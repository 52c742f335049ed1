import { Agent, request, type Dispatcher } from 'undici'
import type { Transport, TransportAnswer, TransportFailure } from '../agencies/dialect.ts'

/** Errors after which nothing can have reached the other side. */
const unsentCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Errors that say that the other side's TLS is broken: retrying will not mend them, a person will. */
const tlsCode = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/

/** The way out over HTTP: kept-alive connections, no redirect followed, bounded in time and in size of the answer. */
export function createHttpTransport({ connectTimeoutMs = 5_000, connections = 64 } = {}): Transport & {
  close(): Promise<void>
} {
  const dispatcher = new Agent({
    connections,
    pipelining: 1,
    connect: { timeout: connectTimeoutMs },
    keepAliveTimeout: 20_000,
  })
  return {
    async post({ url, headers, body, timeoutMs, maxAnswerBytes }) {
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        const answer = await request(url, {
          method: 'POST',
          headers: { ...headers },
          body,
          signal,
          dispatcher,
        })
        return await read(answer, maxAnswerBytes)
      } catch (error) {
        return failureOf(error)
      }
    },
    close: () => dispatcher.close(),
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

function failureOf(error: unknown): TransportFailure {
  const code = codeOf(error)
  const failure = unsentCodes.has(code) ? 'unsent' : tlsCode.test(code) ? 'configuration' : 'ambiguous'
  return {
    failure,
    code: code.toLowerCase(),
    reason: error instanceof Error ? error.message.slice(0, 300) : code,
  }
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.name === 'TimeoutError' ? 'TIMEOUT' : 'UNKNOWN'
}
