import type { Env } from './env.ts'

/** The rate of a body at this process: a balancer spreads its requests over all nodes. */
export function rateOf({ RATE_PER_SECOND, NODE_COUNT }: Pick<Env, 'RATE_PER_SECOND' | 'NODE_COUNT'>) {
  const share = RATE_PER_SECOND / NODE_COUNT
  return { perSecond: share, burst: Math.max(1, share) }
}
