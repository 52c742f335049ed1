import type { RequestHandler } from 'express'
import { GatewayError } from '../schemas/errors.ts'

/** A bucket that fills by `perSecond` up to `burst`; pure but for its own level. Answers the seconds to wait, 0 = go. */
export interface TokenBucket {
  take(now: number): number
}

export function createTokenBucket({
  perSecond,
  burst,
}: {
  readonly perSecond: number
  readonly burst: number
}): TokenBucket {
  let level = burst
  let filledAt = -Infinity
  return {
    take(now) {
      if (now > filledAt) {
        level = Math.min(burst, level + ((now - filledAt) / 1000) * perSecond)
        filledAt = now
      }
      if (level < 1) return (1 - level) / perSecond
      level -= 1
      return 0
    },
  }
}

/** One bucket per key, at most `most` of them: a full table starts anew rather than grow. */
export function createRateLimit(
  rate: { readonly perSecond: number; readonly burst: number },
  most = 10_000,
): (key: string, now: number) => void {
  const buckets = new Map<string, TokenBucket>()
  return (key, now) => {
    if (buckets.size >= most) buckets.clear()
    const bucket = buckets.get(key) ?? createTokenBucket(rate)
    buckets.set(key, bucket)
    const waitSeconds = bucket.take(now)
    if (waitSeconds > 0)
      throw new GatewayError('too_many_requests', {
        reason: 'rate of this body',
        retryAfterSeconds: Math.ceil(waitSeconds),
      })
  }
}

/** Refuses beyond `most` requests under way: back-pressure by 429, never by growth. */
export function createInFlightLimit(most: number): RequestHandler {
  let inFlight = 0
  return (_req, res, next) => {
    if (inFlight >= most)
      throw new GatewayError('too_many_requests', {
        reason: 'too many requests under way',
        retryAfterSeconds: 1,
      })
    inFlight += 1
    res.once('close', () => {
      inFlight -= 1
    })
    next()
  }
}
