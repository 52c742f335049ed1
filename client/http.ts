import { GatewayError, errors, type ErrorAnswer, type ErrorCode } from '../schemas/errors.ts'

/** How often, and after how long, a request that may succeed later is made again. */
export interface Retry {
  /** Attempts in all. */
  readonly attempts: number
  /** Pause before the second attempt in ms; it doubles, up to 30 s, less up to a half by chance. */
  readonly firstDelayMs: number
}

export interface CallerOptions {
  /** Address of the gateway, such as `https://truc.example.vn`. */
  readonly url: string
  readonly apiKey: string
  readonly retry?: Retry
  /** Bound of one attempt in ms. */
  readonly timeoutMs?: number
}

export interface Call {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly contentType?: string
  readonly body?: Uint8Array | string
  /** Added to the bound of the attempt: how long the gateway may wait before it answers. */
  readonly waitMs?: number
}

export interface Answer {
  readonly status: number
  /** The JSON of the answer; null when it is none. */
  readonly json: unknown
}

export type Caller = (call: Call) => Promise<Answer>

const defaultRetry: Retry = { attempts: 5, firstDelayMs: 250 }
const defaultTimeoutMs = 30_000
const longestDelayMs = 30_000

/**
 * Calls the gateway. An answer that says `retryable`, and a request that got none, is made again after a pause, never shorter
 * than `Retry-After`; a message has the same reference then, so it cannot take effect twice. Resolves with the last answer;
 * rejects with GatewayError `unavailable` when there was none.
 */
export function createCaller({
  url,
  apiKey,
  retry = defaultRetry,
  timeoutMs = defaultTimeoutMs,
}: CallerOptions): Caller {
  const attempt = async (call: Call) => {
    const { method, path, contentType, body, waitMs = 0 } = call
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(contentType === undefined ? {} : { 'content-type': contentType }),
      },
      body: body ?? null,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs + waitMs),
    })
    const json = readJson(await response.text())
    return {
      status: response.status,
      json,
      retryAfterMs: 1000 * Number(response.headers.get('retry-after') ?? 0),
    }
  }

  return async (call) => {
    for (let round = 1; ; round += 1) {
      const got = await attempt(call).catch((cause: unknown) => new GatewayError('unavailable', { cause }))
      const last = round >= retry.attempts
      if (got instanceof GatewayError) {
        if (last) throw got
      } else if (last || !isRetryable(got)) return { status: got.status, json: got.json }
      const askedMs = got instanceof GatewayError ? 0 : got.retryAfterMs
      await pause(Math.max(delayMs(retry, round), Math.min(askedMs || 0, longestDelayMs)))
    }
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Statuses of something between here and the gateway, which answers without our codes. */
const retryableStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504])

function isRetryable({ status, json }: Answer): boolean {
  if (status < 400) return false
  return readError(json)?.retryable ?? retryableStatuses.has(status)
}

function delayMs({ firstDelayMs }: Retry, round: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** (round - 1))
  return full * (1 - Math.random() / 2)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** The gateway's own error in an answer; null where the answer is something else. */
export function readError(json: unknown): ErrorAnswer | null {
  if (typeof json !== 'object' || json === null || !('code' in json)) return null
  return Object.hasOwn(errors, String(json.code)) ? (json as ErrorAnswer) : null // its codes are only the gateway's
}

/** The JSON that an answer of success carries, in the form that the gateway's contract gives it. Throws GatewayError with the gateway's own code and field for any other. */
export function successOf({ status, json }: Answer): unknown {
  if (status >= 200 && status < 300 && json !== null) return json
  const error = readError(json)
  const code: ErrorCode = error?.code ?? 'unavailable'
  throw new GatewayError(code, {
    reason: error?.reason ?? `HTTP ${status}`,
    ...(error?.field == null ? {} : { field: error.field }),
  })
}
