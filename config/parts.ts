import type { Blobs } from '../adapters/blobs/blobs.ts'
import type { Broker } from '../adapters/broker/broker.ts'
import type { Store } from '../adapters/store/store.ts'
import type { RegistryWatch } from '../workers/registry-watch.ts'
import type { Env } from './env.ts'
import type { GatewayKeys } from './keys.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics.ts'

/** What a process is made of, before its steps are joined to it. */
export interface Parts {
  readonly env: Env
  readonly keys: GatewayKeys
  readonly store: Store
  readonly blobs: Blobs
  readonly broker: Broker
  readonly registry: RegistryWatch
  readonly log: Log
  readonly metrics: Metrics
  /** Milliseconds since 1970. */
  readonly now: () => number
}
