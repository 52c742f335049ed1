import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { createClient, type Client } from '../../client/index.ts'
import { createSandbox, type PartyRow } from '../../sandbox/create.ts'
import { readKnown, readParty } from '../../sandbox/party-client.ts'
import type { Random } from '../support/random.ts'
import { createFleet, type Fleet } from './fleet.ts'
import { createJudge, type Judge } from './judge.ts'
import { migrate } from './migrate.ts'
import type { Options } from './options.ts'
import { createReception, type Reception } from './reception.ts'
import { noServices, startServices, type Services } from './services.ts'
import { startSink, type Sink } from './sink.ts'
import { actionsSent, lanesOf, type Lane } from './traffic.ts'

const senders = ['H49', 'H37'] as const
const pushed = ['G01', 'G02', 'G03'] as const
const pulling = 'G22'
/** The first is the one that will be away: most lanes go there, enough for its breaker to open. */
const spread = ['G01', 'G02', 'G01', pulling, 'G03'] as const

/** Everything that a drill has: the bodies, their doors, the gateway's processes, and the judge. */
export interface World {
  readonly fleet: Fleet
  readonly services: Services
  readonly judge: Judge
  readonly reception: Reception
  readonly lanes: readonly Lane[]
  /** The recipient that will be away, and its code. */
  readonly away: Sink
  readonly awayCode: string
  /** Code of the recipient that pulls. */
  readonly pulling: string
  /** A client of a body at one of the gateway's doors. */
  readonly clientOf: (body: string) => Client
  /** Kills what still runs and shuts the recipients' doors. */
  close(): Promise<void>
}

/** The drill repeats by itself, since it must know what got no answer. */
const askOnce = { retry: { attempts: 1, firstDelayMs: 0 }, timeoutMs: 10_000 } as const

/**
 * What the gateway is told: short leases, so that what a dead process held comes back soon; small windows, so that the relay has work.
 * Several processes on a few cores may pause longer than one does: longer leases there.
 */
function gatewayEnv({ quick, isFleet }: Options): Readonly<Record<string, string>> {
  const leaseSeconds = isFleet ? '4' : quick ? '1' : '2'
  return {
    LEASE_SECONDS: leaseSeconds,
    MAILBOX_LEASE_SECONDS: leaseSeconds,
    PREFETCH: isFleet ? '2' : '4',
    LOG_LEVEL: 'info',
  }
}

/** Makes the bodies of a drill in a folder, opens the recipients' doors, and prepares the gateway; starts none of its processes. */
export async function createWorld(options: Options, folder: string, random: Random): Promise<World> {
  const lanes = lanesOf(options.lanes, { senders, recipients: spread })
  const judge = createJudge()
  const reception = createReception({ judge, lanes, random })
  const clients = new Map<string, readonly Client[]>()
  const clientOf = (body: string) => {
    const doors = clients.get(body) ?? []
    return doors[random.between(0, doors.length - 1)] ?? missing(body)
  }
  const sinks = new Map<string, Sink>()
  for (const code of pushed) {
    const client = () => clientOf(code)
    sinks.set(code, await startSink({ code, reception, judge, client, random, answerMs: 15 }))
  }
  const services = options.services ? await startServices(folder) : noServices
  const close = async () => {
    await fleet.close()
    await services.close()
    await Promise.all([...sinks.values()].map((sink) => sink.down()))
  }
  const ports = await Promise.all(options.setup.processes.map(freePort))
  const parties = [...senders.map(senderRow), ...pushed.map((code) => sinkRow(code, sinks)), pullerRow]
  const sandbox = await createSandbox({ dir: folder, parties, gatewayPort: ports[0] ?? 0, now: Date.now() })
  const { processes, env } = options.setup
  const setup = { processes, env: { ...env, ...services.env } }
  const gateway = { ...sandbox.env, ...gatewayEnv(options) }
  const fleet = createFleet({
    setup,
    env: options.isFleet ? await migrate({ ...gateway, ...setup.env }) : gateway,
    ports,
    log: join(folder, 'gateway.log'),
    random,
  })
  const known = readKnown(sandbox.paths.certificates)
  for (const party of sandbox.parties) {
    const speaker = { ...readParty(party, known), ...askOnce }
    clients.set(
      party.code,
      fleet.urls.map((url) => createClient({ ...speaker, url })),
    )
  }
  const [awayCode] = pushed
  const away = sinks.get(awayCode) ?? missing(awayCode)
  return { fleet, services, judge, reception, lanes, away, awayCode, pulling, clientOf, close }
}

const row = (code: string) => ({ code, name: `Đơn vị diễn tập ${code}`, partyClass: 'state' }) as const

function senderRow(code: string): PartyRow {
  return { ...row(code), dialect: 'mailbox', options: { format: 'sealed' }, grants: actionsSent }
}

function sinkRow(code: string, sinks: ReadonlyMap<string, Sink>): PartyRow {
  const url = `http://127.0.0.1:${sinks.get(code)?.port ?? 0}/`
  return { ...row(code), dialect: 'axis-xml', options: { url, timeoutMs: 5_000 }, grants: [] }
}

const pullerRow: PartyRow = {
  ...row(pulling),
  dialect: 'mailbox',
  options: { format: 'sealed' },
  grants: [],
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  server.close()
  await once(server, 'close')
  return port
}

function missing(body: string): never {
  throw new Error(`no client for ${body}`)
}
