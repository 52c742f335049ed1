import type { Blobs } from '../../adapters/blobs/blobs.ts'
import { connectBlobFolder } from '../../adapters/blobs/folder.ts'
import { createEmbeddedBroker } from '../../adapters/broker/embedded.ts'
import { connectStore } from '../../adapters/store/connect.ts'
import type { Store } from '../../adapters/store/store.ts'
import type { Env } from '../../config/env.ts'
import type { Log } from '../../config/log.ts'
import { createMetrics } from '../../config/metrics.ts'
import { readEnv } from '../../config/env.ts'
import { run } from '../../config/run.ts'
import { wire, type Gateway } from '../../config/wire.ts'
import type { Registry } from '../../schemas/agency.ts'
import { readOriginal } from '../../signing/read.ts'
import { connectRegistryWatch } from '../../workers/registry-watch.ts'
import { createGatewayKeys, registryOf, type Party } from './parties.ts'
import { withTempDir } from './processes.ts'

export interface LentGateway {
  readonly url: string
  /** Of the door with TLS, where the environment asks for one. */
  readonly tlsPort: number | null
  readonly clock: Clock
  readonly store: Store
  readonly blobs: Blobs
  /** Folder of the database and of the blobs. */
  readonly dir: string
  readonly gateway: Gateway
  readonly keys: ReturnType<typeof createGatewayKeys>
  readonly log: readonly LoggedEvent[]
  /** A call as a body: answers status, headers and the parsed body. */
  call(apiKey: string | null, method: string, path: string, body?: CallBody): Promise<CallAnswer>
}

interface CallBody {
  readonly type: string
  readonly bytes: Uint8Array | string
  readonly headers?: Readonly<Record<string, string>>
}

export interface CallAnswer {
  readonly status: number
  readonly headers: Headers
  readonly json: Readonly<Record<string, never>>
  readonly text: string
}

const needed = {
  MASTER_KEYS: 'unused',
  SIGNING_PKCS12_FILE: 'unused',
  SIGNING_PASSPHRASE: 'unused',
  ENCRYPTION_PKCS12_FILE: 'unused',
  ENCRYPTION_PASSPHRASE: 'unused',
}

/** A whole gateway in this process, on SQLite and the embedded broker, listening on a free port. */
export function withGateway(
  parties: readonly Party[],
  { registry = {}, env = {}, credentials = [] }: GatewayOptions,
  use: (lent: LentGateway) => Promise<void>,
): Promise<void> {
  return withTempDir(async (dir) => {
    const keys = createGatewayKeys()
    const clock = createClock()
    const blobs = await connectBlobFolder(`${dir}/blobs`, keys.master)
    const store = await connectStore({
      blobs,
      url: `sqlite:${dir}/gateway.db`,
      masterKeys: keys.master,
      writer: 'test',
      clock: clock.now,
      readOriginal,
    })
    let stop = () => store.close()
    try {
      await store.migrate()
      const file = registryOf(parties, registry)
      await store.importRegistry(file.registry, [...file.credentials, ...credentials])
      const { log, events } = createMemoryLog()
      const broker = createEmbeddedBroker()
      const parts = {
        env: readEnv({ ...needed, PORT: '0', BLOB_DIR: `${dir}/blobs`, ...env }),
        keys,
        store,
        blobs,
        broker,
        registry: await connectRegistryWatch({ store }),
        log,
        now: clock.now,
        metrics: createMetrics({
          counts: () => store.counts(),
          brokerState: () => broker.state(),
          backlogs: () => store.backlogs(),
          now: clock.now,
        }),
      }
      const gateway = wire(parts, 'test')
      const running = await run(parts, gateway, 'all')
      stop = () => running.stop(2_000)
      const url = `http://127.0.0.1:${running.port ?? 0}`
      const { tlsPort } = running
      await use({ url, tlsPort, dir, clock, store, blobs, gateway, keys, log: events, call: createCall(url) })
    } finally {
      await stop()
    }
  })
}

/** The time of a lent gateway: the machine's own, plus what a test has let pass. */
export interface Clock {
  readonly now: () => number
  pass(ms: number): void
}

function createClock(): Clock {
  let passed = 0
  return {
    now: () => Date.now() + passed,
    pass(ms) {
      passed += ms
    },
  }
}

export interface GatewayOptions {
  readonly registry?: Partial<Registry>
  readonly env?: Partial<Record<keyof Env, string>>
  /** Beyond those of the parties and the operator. */
  readonly credentials?: ReturnType<typeof registryOf>['credentials']
}

interface LoggedEvent {
  readonly event: string
  readonly fields: Readonly<Record<string, unknown>>
}

function createMemoryLog(): { readonly log: Log; readonly events: readonly LoggedEvent[] } {
  const events: LoggedEvent[] = []
  return { events, log: (_level, event, fields) => void events.push({ event, fields }) }
}

function createCall(url: string): LentGateway['call'] {
  return async (apiKey, method, path, body) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }),
        ...(body === undefined ? {} : { 'content-type': body.type, ...body.headers }),
      },
      ...(body === undefined ? {} : { body: body.bytes }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') ?? false
    const json = (isJson ? JSON.parse(text) : {}) as CallAnswer['json']
    return { status: answer.status, headers: answer.headers, json, text }
  }
}

/** Waits until `check` answers something, asking often; fails with `what` when the time is over. */
export async function eventually<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  withinMs = 10_000,
): Promise<T> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const found = await check()
    if (found !== undefined && found !== false) return found
    if (Date.now() > deadline) throw new Error(`never came: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
