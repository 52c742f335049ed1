import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp, createVitals } from '../routes/app.ts'
import { messageClasses } from '../routes/message-classes.ts'
import { boundServer, serverOptions } from '../routes/server-bounds.ts'
import { startLoop, type Loop } from '../workers/loop.ts'
import { createConsumers } from './consumers.ts'
import { describe } from './log.ts'
import type { Parts } from './parts.ts'
import { createTlsDoor, type TlsDoor } from './tls.ts'
import type { Gateway } from './wire.ts'

/** What a process does: `api` opens the doors, `worker` delivers, `all` does both. Every role relays: leases keep them apart. */
export type Role = 'all' | 'api' | 'worker'

export interface Running {
  readonly port: number | null
  readonly tlsPort: number | null
  /** Takes nothing new, lets what is under way end within `graceMs`, closes. */
  stop(graceMs: number): Promise<void>
}

const idle = {
  relay: 100,
  sweep: 1_000,
  registry: 1_000,
  alerts: 1_000,
  polls: 1_000,
  blobs: 3_600_000,
  tls: 2_000,
}
/** What is left for each last step of a stop when the grace is used up. */
const lastMs = 500
const closeIdleMs = 100

/** Starts a wired gateway in its role. */
export async function run(parts: Parts, gateway: Gateway, role: Role): Promise<Running> {
  const { env, broker, log } = parts
  const onError = (loop: string) => (error: unknown) => log('error', `${loop} failed`, describe(error))
  const loops = [startLoop(() => gateway.relay.round(), { idleMs: idle.relay, onError: onError('relay') })]
  const consumers = createConsumers({
    broker,
    prefetch: env.PREFETCH,
    deliver: gateway.deliver,
    onError: onError('delivery'),
  })
  const follow = () => (role === 'api' ? Promise.resolve() : consumers.follow(pushed(parts, gateway)))
  await follow()
  loops.push(
    startLoop(
      () =>
        parts.registry
          .refresh()
          .then(follow)
          .then(() => false),
      { idleMs: idle.registry, onError: onError('registry') },
    ),
  )
  loops.push(startLoop(gateway.tellAlerts, { idleMs: idle.alerts, onError: onError('alerts') }))
  if (role !== 'api') {
    loops.push(startLoop(gateway.sweep, { idleMs: idle.sweep, onError: onError('sweep') }))
    loops.push(startLoop(gateway.sweepBlobs, { idleMs: idle.blobs, onError: onError('sweep of blobs') }))
    loops.push(startLoop(() => gateway.polls.round(), { idleMs: idle.polls, onError: onError('polls') }))
  }
  const { plain, tls } = await openDoors(parts, gateway, role)
  if (tls !== null) loops.push(startLoop(tls.reload, { idleMs: idle.tls, onError: onError('tls') }))
  const servers = [plain, tls?.server].filter((server) => server != null)
  return {
    port: portOf(plain),
    tlsPort: portOf(tls?.server ?? null),
    stop: (graceMs) =>
      stop({ parts, gateway, loops, stopConsumers: () => consumers.stop(), servers, graceMs }),
  }
}

function portOf(server: Pick<Server, 'address'> | null): number | null {
  return server === null ? null : (server.address() as AddressInfo).port // a listening TCP server has one
}

function pushed({ registry }: Parts, { isPushed }: Gateway): readonly string[] {
  return registry
    .current()
    .agencies.map(({ code }) => code)
    .filter((code) => isPushed(code))
}

/** What a process listens with. */
interface Doors {
  readonly plain: Server | null
  readonly tls: TlsDoor | null
}

async function openDoors({ env, log }: Parts, { app }: Gateway, role: Role): Promise<Doors> {
  const at = (port: number, host = env.HOST) => ({ host, port, maxConnections: env.MAX_CONNECTIONS })
  if (role === 'worker') {
    if (env.HEALTH_PORT === undefined) return { plain: null, tls: null }
    const vitals = createServer(serverOptions(), createVitals(app))
    return { plain: await listen(vitals, at(env.HEALTH_PORT)), tls: null }
  }
  const answer = createApp(app)
  const http = { ...serverOptions(), ...messageClasses(answer) }
  const plain = await listen(createServer(http, answer), at(env.PORT))
  if (env.TLS_PORT === undefined) return { plain, tls: null }
  const tls = createTlsDoor(env, { http, answer, log })
  await listen(tls.server, at(env.TLS_PORT, env.TLS_HOST))
  return { plain, tls }
}

interface Address {
  readonly host: string
  readonly port: number
  readonly maxConnections: number
}

async function listen(server: Server, { host, port, maxConnections }: Address): Promise<Server> {
  boundServer(server, maxConnections)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return server
}

interface Stopping {
  readonly parts: Parts
  readonly gateway: Gateway
  readonly loops: readonly Loop[]
  readonly stopConsumers: () => Promise<void>
  readonly servers: readonly Server[]
  readonly graceMs: number
}

async function stop({ parts, gateway, loops, stopConsumers, servers, graceMs }: Stopping): Promise<void> {
  const endsAt = Date.now() + graceMs
  await Promise.all([
    ...servers.map((server) => closeServer(server, graceMs)),
    within(graceMs, stopConsumers()),
    ...loops.map((loop) => within(graceMs, loop.stop())),
    within(graceMs, gateway.polls.stop()),
  ])
  await parts.broker.close(Math.max(lastMs, endsAt - Date.now()))
  await within(lastMs, gateway.close()) // a recipient that never answers must not hold the stop
  await within(lastMs, parts.store.close())
}

/**
 * No new connection; idle ones go at once, the others with their next answer, or when the time is over. A client that keeps
 * its connection busy would otherwise keep the process.
 */
async function closeServer(server: Server, graceMs: number): Promise<void> {
  server.prependListener('request', (_req, res: ServerResponse) => {
    res.shouldKeepAlive = false
  })
  const timer = setTimeout(() => server.closeAllConnections(), graceMs)
  const sweeper = setInterval(() => server.closeIdleConnections(), closeIdleMs)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearInterval(sweeper)
  clearTimeout(timer)
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, bound])
  clearTimeout(timer)
}
