import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Blobs } from '../adapters/blobs/blobs.ts'
import type { Broker } from '../adapters/broker/broker.ts'
import { createEmbeddedBroker } from '../adapters/broker/embedded.ts'
import type { BrokerLog } from '../adapters/broker/log.ts'
import { connectRabbitBroker } from '../adapters/broker/rabbitmq.ts'
import { connectStore } from '../adapters/store/connect.ts'
import type { Store } from '../adapters/store/store.ts'
import { readOriginal } from '../signing/read.ts'
import { connectRegistryWatch } from '../workers/registry-watch.ts'
import { openBlobs } from './blob-folder.ts'
import { readEnv, type Env } from './env.ts'
import { loadKeys, type GatewayKeys } from './keys.ts'
import { createLog, describe, type Log } from './log.ts'
import { createMetrics } from './metrics.ts'
import { readRegistryFile } from './registry-file.ts'
import { connectWhenUp } from './store-start.ts'
import { run, type Role, type Running } from './run.ts'
import { processName, wire } from './wire.ts'

const roles = ['all', 'api', 'worker', 'migrate'] as const
const graceMs = 15_000

/** Starts the gateway in the role that the command line names; ends on SIGTERM or SIGINT within 20 s. */
async function main(): Promise<void> {
  const role = readRole()
  const env = readEnv(process.env)
  refuseApart(role, env)
  const log = createLog(env.LOG_LEVEL, { role, pid: process.pid })
  const keys = loadKeys(env)
  const owner = processName()
  const blobs = await openBlobs(env, keys.master)
  const store = await prepareStore({ env, keys, log, writer: owner, blobs })
  if (role === 'migrate') {
    await store.close()
    log('info', 'migrated', {})
    return
  }
  const running = await start({ env, keys, store, blobs, log, owner, role })
  log('info', 'listening', { host: env.HOST, port: running.port })
  stopOnSignal(running, log)
}

function readRole(): (typeof roles)[number] {
  const { values } = parseArgs({ options: { role: { type: 'string', default: 'all' } } })
  const role = roles.find((name) => name === values.role)
  if (role === undefined) throw new Error(`cannot start: --role is one of ${roles.join(', ')}`)
  return role
}

/** The embedded broker and a SQLite file belong to one process: apart, `api` and `worker` would never meet. */
function refuseApart(role: Role | 'migrate', { AMQP_URL, DATABASE_URL }: Env): void {
  if (role === 'all' || role === 'migrate') return
  if (AMQP_URL === undefined)
    throw new Error(
      `cannot start: --role=${role} needs AMQP_URL; only --role=all carries its broker in itself`,
    )
  if (DATABASE_URL.startsWith('sqlite:'))
    throw new Error(
      `cannot start: --role=${role} needs a DATABASE_URL of MariaDB or MySQL; one process owns a SQLite file`,
    )
}

interface Preparing {
  readonly env: Env
  readonly keys: GatewayKeys
  readonly log: Log
  readonly writer: string
  readonly blobs: Blobs
}

async function prepareStore({ env, keys, log, writer, blobs }: Preparing): Promise<Store> {
  const { DATABASE_URL: url, START_WAIT_SECONDS: waitSeconds } = env
  const store = await connectWhenUp({ url, waitSeconds, log }, () =>
    connectStore({ url, masterKeys: keys.master, writer, readOriginal, blobs }),
  )
  await store.migrate()
  await importFirst(env, store)
  return store
}

/** An empty registry is filled from the file; then administration keeps it. The sandbox, whose addresses change, reads it at every start. */
async function importFirst({ REGISTRY_FILE: path, SANDBOX }: Env, store: Store): Promise<void> {
  if (path === undefined || (SANDBOX !== '1' && (await store.registryVersion()) > 0)) return
  const { registry, credentials } = readRegistryFile(readFileSync(path, 'utf8'))
  await store.importRegistry(registry, credentials)
}

/** Messages that wait for their confirm at most, and how long: what is not confirmed by then is published again by the relay. */
const confirms = { window: 500, confirmTimeoutMs: 5_000 }

/** A quarter of what a worker delivers to one recipient at once, so that several workers share what comes together. */
const bundleOf = (prefetch: number): number => Math.max(1, Math.floor(prefetch / 4))

function connectBroker({ AMQP_URL: url, AMQP_PREFIX: prefix, PREFETCH }: Env, log: Log): Promise<Broker> {
  const brokerLog: BrokerLog = {
    info: (event, fields) => log('info', event, { ...fields }),
    warn: (event, fields) => log('warn', event, { ...fields }),
  }
  if (url === undefined) return Promise.resolve(createEmbeddedBroker({ log: brokerLog }))
  return connectRabbitBroker({ url, prefix, bundle: bundleOf(PREFETCH), ...confirms, log: brokerLog })
}

interface Starting {
  readonly env: Env
  readonly keys: GatewayKeys
  readonly store: Store
  readonly blobs: Blobs
  readonly log: Log
  readonly owner: string
  readonly role: Role
}

async function start({ env, keys, store, blobs, log, owner, role }: Starting): Promise<Running> {
  const broker = await connectBroker(env, log)
  const registry = await connectRegistryWatch({ store })
  const metrics = createMetrics({
    counts: () => store.counts(),
    brokerState: () => broker.state(),
    backlogs: () => store.backlogs(),
    now: Date.now,
  })
  const parts = { env, keys, store, blobs, broker, registry, log, metrics, now: Date.now }
  return run(parts, wire(parts, owner), role)
}

function stopOnSignal(running: Running, log: Log): void {
  let stopping = false
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) return
    stopping = true
    log('info', 'stopping', { signal })
    running.stop(graceMs).then(
      () => process.exit(0),
      (error: unknown) => {
        log('error', 'stop failed', describe(error))
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop) // a second signal must not end a stop under way
  process.on('SIGINT', stop)
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})
