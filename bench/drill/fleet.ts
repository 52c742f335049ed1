import { startGateway, type GatewayProcess } from '../../sandbox/gateway.ts'
import type { Random } from '../support/random.ts'
import { until } from '../support/wait.ts'
import type { Setup } from './options.ts'

export interface FleetDeps {
  readonly setup: Setup
  /** Environment of every process; the setup's own goes before it. */
  readonly env: Readonly<Record<string, string>>
  /** One for each process of the setup. */
  readonly ports: readonly number[]
  readonly log: string
  readonly random: Random
}

/** Roles in which a process passes the commit points of a step often. */
const passers: Readonly<Record<string, readonly Setup['processes'][number][]>> = {
  accept: ['all', 'api'],
  relay: ['all', 'api', 'worker'],
  deliver: ['all', 'worker'],
  record: ['all', 'worker'],
}

interface Member {
  readonly role: Setup['processes'][number]
  readonly port: number
  process: GatewayProcess | null
}

/** The gateway's processes: started, killed and counted, each by its own pid. */
export interface Fleet {
  /** Starts what does not run. */
  start(): Promise<void>
  /** Starts what does not run, and one process that passes the failpoint, drawn at random, anew with it; the others live on. */
  arm(failpoint: string): Promise<void>
  /** Whether a process has died by itself within the time. */
  died(limitMs: number): Promise<boolean>
  /** SIGKILL to the process with the failpoint, if it lives. */
  disarm(): Promise<void>
  /** SIGKILL to one process, drawn at random; resolves when it is gone. */
  killOne(): Promise<void>
  /** SIGKILL to every process that runs. */
  killAll(): Promise<void>
  /** As `killAll`, also for what is just starting; nothing starts after it. */
  close(): Promise<void>
  /** Whether a door is open, as far as is known here. */
  isUp(): boolean
  /** Addresses of the doors. */
  readonly urls: readonly string[]
  /** Deaths by SIGKILL: by our hand, or by its own at a failpoint. */
  readonly kills: () => number
  /** Ends that nobody had ordered, as the exit code says: a fault of the gateway. */
  readonly crashes: () => readonly number[]
}

export function createFleet({ setup, env, ports, log, random }: FleetDeps): Fleet {
  const members: readonly Member[] = setup.processes.map((role, index) => ({
    role,
    port: ports[index] ?? 0,
    process: null,
  }))
  const living = () => members.filter(({ process }) => process !== null)
  const starting = new Set<Promise<unknown>>()
  const crashes: number[] = []
  let closed = false
  let kills = 0
  let deaths = 0
  let armed: Member | undefined

  function ended(code: number | null): void {
    if (code === null) kills += 1
    else crashes.push(code)
    deaths += 1
  }

  async function begin(member: Member, failpoint: string | undefined): Promise<void> {
    const fail = failpoint === undefined ? {} : { FAILPOINT: failpoint }
    const port = { PORT: String(member.port) }
    try {
      const begun = await startGateway({
        role: member.role,
        log,
        env: { ...env, ...setup.env, ...port, ...fail },
      })
      member.process = begun
      void begun.exit.then((code) => {
        if (member.process !== begun) return // killed by us, and counted there
        member.process = null
        ended(code)
      })
    } catch (error) {
      if (failpoint === undefined || !diedOfSignal(error)) throw error
      ended(null)
    }
  }

  async function kill(chosen: readonly Member[]): Promise<void> {
    await Promise.all(
      chosen.map(async (member) => {
        const { process } = member
        if (process === null) return
        member.process = null
        kills += 1
        process.kill()
        await process.exit
      }),
    )
  }

  const draw = (from: readonly Member[]) => from[from.length > 1 ? random.between(0, from.length - 1) : 0]

  async function start(failpoint?: string): Promise<void> {
    if (closed) throw new Error('the drill is being stopped')
    deaths = 0
    const idle = members.filter(({ process }) => process === null)
    const begun = Promise.all(idle.map((member) => begin(member, member === armed ? failpoint : undefined)))
    starting.add(begun)
    await begun.finally(() => starting.delete(begun))
  }

  return {
    urls: members.filter(({ role }) => role !== 'worker').map(({ port }) => `http://127.0.0.1:${port}`),
    isUp: () => living().some(({ role }) => role !== 'worker'),
    kills: () => kills,
    crashes: () => crashes,
    start: () => start(),
    async arm(failpoint) {
      const roles = passers[failpoint.split(':')[0] ?? ''] ?? []
      armed = draw(members.filter(({ role }) => roles.includes(role)))
      if (armed !== undefined) await kill([armed])
      await start(failpoint)
    },
    died: (limitMs) => until(() => deaths > 0, { limitMs, everyMs: 2 }),
    disarm: () => kill(armed === undefined ? [] : [armed]),
    async killOne() {
      const drawn = draw(living())
      if (drawn !== undefined) await kill([drawn])
    },
    killAll: () => kill(living()),
    async close() {
      closed = true
      await Promise.allSettled(starting)
      await kill(living())
    },
  }
}

/** `startGateway` says so in its message: a signal ended the process before it was ready, not a fault of its own. */
function diedOfSignal(error: unknown): boolean {
  return error instanceof Error && error.message.includes('(signal)')
}
