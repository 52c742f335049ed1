import { setTimeout as sleep } from 'node:timers/promises'
import { fetch } from 'undici'
import { GatewayError, errors, type ErrorAnswer, type ErrorCode } from '../schemas/errors.ts'
import { createProof, type ProofOptions } from './proof.ts'

/** How often, and after how long, a request that may succeed later is made again. */
export interface Retry {
  /** Attempts in all. */
  readonly attempts: number
  /** Pause before the second attempt in ms; it doubles, up to 30 s, less up to a half by chance. */
  readonly firstDelayMs: number
}

export interface CallerOptions extends ProofOptions {
  readonly retry?: Retry
  /** Bound of one attempt in ms. */
  readonly timeoutMs?: number
}

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly contentType?: string
  /** A stream is opened anew for each attempt. */
  readonly body?: Uint8Array | string | (() => AsyncIterable<Uint8Array>)
  /** Added to the bound of the attempt: how long the gateway may wait before it answers. */
  readonly waitMs?: number
  /** Ends the call, with the reason of the signal. */
  readonly signal?: AbortSignal
}

export interface Answer {
  readonly status: number
  readonly text: string
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
  retry = defaultRetry,
  timeoutMs = defaultTimeoutMs,
  ...who
}: CallerOptions): Caller {
  const proof = createProof(who)

  async function attempt({ method, path, contentType, body, waitMs = 0, signal, headers }: Call) {
    const bound = AbortSignal.timeout(timeoutMs + waitMs)
    const type = contentType === undefined ? {} : { 'content-type': contentType }
    const response = await fetch(new URL(path, who.url), {
      method,
      headers: { ...(await proof.headers(bound)), ...type, ...headers },
      ...(typeof body === 'function' ? { body: body(), duplex: 'half' } : { body: body ?? null }),
      redirect: 'error',
      signal: signal === undefined ? bound : AbortSignal.any([bound, signal]),
      ...proof.line,
    })
    const text = await response.text()
    const retryAfterMs = 1000 * Number(response.headers.get('retry-after') ?? 0)
    return { status: response.status, text, json: readJson(text), retryAfterMs }
  }

  /** A token may have ended early: it is asked for anew, once. */
  async function attemptAsKnown(call: Call) {
    const got = await attempt(call)
    return got.status === 401 && proof.forget() ? attempt(call) : got
  }

  return async (call) => {
    for (let round = 1; ; round += 1) {
      const got = await attemptAsKnown(call).catch(asUnavailable)
      call.signal?.throwIfAborted()
      const last = round >= retry.attempts
      if (got instanceof GatewayError) {
        if (last || !got.row.retryable) throw got
      } else if (last || !isRetryable(got)) return { status: got.status, text: got.text, json: got.json }
      const askedMs = got instanceof GatewayError ? 0 : got.retryAfterMs
      await pause(Math.max(delayMs(retry, round), Math.min(askedMs || 0, longestDelayMs)), call.signal)
    }
  }
}

/** What the token endpoint says has a code of its own; the rest is the line. */
function asUnavailable(cause: unknown): GatewayError {
  return cause instanceof GatewayError ? cause : new GatewayError('unavailable', { cause })
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

function isRetryable({ status, json }: Omit<Answer, 'text'>): boolean {
  if (status < 400) return false
  return readError(json)?.retryable ?? retryableStatuses.has(status)
}

/** The pause after round `round`: doubled each time, less up to a half by chance. In ms. */
export function delayMs({ firstDelayMs }: Retry, round: number): number {
  const full = Math.min(longestDelayMs, firstDelayMs * 2 ** (round - 1))
  return full * (1 - Math.random() / 2)
}

/** Waits; rejects with the reason of the signal when it ends first. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
    signal?.throwIfAborted()
    throw error
  })
}

/** The gateway's own error in an answer; null where the answer is something else. */
export function readError(json: unknown): ErrorAnswer | null {
  if (typeof json !== 'object' || json === null || !('code' in json)) return null
  return Object.hasOwn(errors, String(json.code)) ? (json as ErrorAnswer) : null // its codes are only the gateway's
}

/** The JSON that an answer of success carries, in the form that the gateway's contract gives it. Throws GatewayError with the gateway's own code and field for any other. */
export function successOf({ status, json }: Answer): unknown {
  if (status >= 200 && status < 300 && (json !== null || status === 204)) return json
  const error = readError(json)
  const code: ErrorCode = error?.code ?? 'unavailable'
  throw new GatewayError(code, {
    reason: error?.reason ?? `HTTP ${status}`,
    cause: error, // has the id that the operator of the gateway asks for
    ...(error?.field == null ? {} : { field: error.field }),
  })
}
