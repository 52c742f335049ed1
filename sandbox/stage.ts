import { sandboxClients } from './clients/index.ts'
import { createSandbox } from './create.ts'
import type { Sandbox } from './rows.ts'
import { startGateway, type GatewayProcess, type LogLine } from './gateway.ts'
import { openAccounts } from './open-accounts.ts'
import type { Report } from './orders.ts'
import { actors, pushed, sandboxParties, sandboxTopics } from './parties.ts'
import { startParty, type PartyProcess } from './party-process.ts'
import { freePorts } from './ports.ts'

/** A gateway and the bodies around it, each a process. */
export interface Stage {
  readonly sandbox: Sandbox
  readonly parties: ReadonlyMap<string, PartyProcess>
  /** Resolves when a process that should run has ended: why. */
  readonly fell: Promise<string>
}

export interface StageDeps {
  readonly dir: string
  readonly port: number
  readonly onLine: (line: LogLine) => void
  readonly onReport: (code: string, report: Report) => void
}

export interface Staging {
  /** Resolves when everybody is ready. */
  readonly ready: Promise<Stage>
  /** Stops whatever has been started, also when the rest was not: first the bodies, then the gateway. */
  stop(): Promise<void>
}

/** Makes the sandbox and starts its processes side by side. */
export function startStage(deps: StageDeps): Staging {
  const gateways: Promise<GatewayProcess>[] = []
  const parties: Promise<PartyProcess>[] = []

  async function start(): Promise<Stage> {
    const sandbox = await prepare(deps)
    const { env, paths, dir } = sandbox
    const starting = startGateway({ env, log: paths.log, onLine: deps.onLine })
    gateways.push(starting)
    parties.push(...actors.map((code) => startParty({ code, dir }, deps.onReport)))
    const [gateway, ...all] = await Promise.all([starting, ...parties])
    await openAccounts(sandbox)
    const ends = [
      gateway.exit.then((code) => `gateway (${code ?? 'signal'})`),
      ...all.map(({ code, exit }) => exit.then((status) => `${code} (${status ?? 'signal'})`)),
    ]
    return { sandbox, parties: new Map(all.map((party) => [party.code, party])), fell: Promise.race(ends) }
  }

  const ready = start()
  return {
    ready,
    async stop() {
      await ready.catch(() => undefined)
      await stopAll(parties)
      await stopAll(gateways)
    },
  }
}

/** Addresses are new at every start: a port that was free then may be taken now. */
async function prepare({ dir, port }: StageDeps): Promise<Sandbox> {
  const ports = await freePorts(pushed.length)
  const addresses = Object.fromEntries(
    pushed.map((code, index) => [code, `http://127.0.0.1:${ports[index] ?? 0}/nhan`]),
  )
  const parties = sandboxParties(addresses)
  const clients = sandboxClients
  return createSandbox({ dir, parties, clients, gatewayPort: port, now: Date.now(), ...sandboxTopics })
}

async function stopAll(
  starting: readonly Promise<{ readonly stop: () => Promise<unknown> }>[],
): Promise<void> {
  const started = await Promise.allSettled(starting)
  await Promise.all(
    started.map(async (each) => (each.status === 'fulfilled' ? each.value.stop() : undefined)),
  )
}
