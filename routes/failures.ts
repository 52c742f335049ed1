import { GatewayError } from '../schemas/errors.ts'
import { createTokenBucket, type TokenBucket } from './limits.ts'

/** Failures to say who one is: so many at once, then one in so many seconds. */
const rate = { burst: 20, perSecond: 0.5 }
const keysMost = 10_000

/** Bounds how often one who is not known may try. */
export interface FailureLimit {
  /** Throws `too_many_requests` while the failures of this key are too many. */
  check(key: string): void
  /** Counts a failure; throws `too_many_requests` where it is one too many. */
  count(key: string): void
}

export function createFailureLimit(now: () => number): FailureLimit {
  const known = new Map<string, { readonly bucket: TokenBucket; blockedUntil: number }>()

  function refuse(waitMs: number): void {
    if (waitMs > 0)
      throw new GatewayError('too_many_requests', {
        reason: 'too many failures to authenticate',
        retryAfterSeconds: Math.ceil(waitMs / 1000),
      })
  }

  return {
    check: (key) => refuse((known.get(key)?.blockedUntil ?? 0) - now()),
    count(key) {
      if (known.size >= keysMost) known.clear() // starts anew rather than grow
      const entry = known.get(key) ?? { bucket: createTokenBucket(rate), blockedUntil: 0 }
      known.set(key, entry)
      const waitMs = entry.bucket.take(now()) * 1000
      entry.blockedUntil = now() + waitMs
      refuse(waitMs)
    },
  }
}
