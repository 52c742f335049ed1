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

interface Member {
  readonly role: Setup['processes'][number]
  readonly port: number
  process: GatewayProcess | null
}

/** The gateway's processes: started, killed and counted, each by its own pid. */
export interface Fleet {
  /** Starts what does not run, with a failpoint or without. */
  start(failpoint?: string): Promise<void>
  /** Whether a process has died of its failpoint within the time. */
  died(limitMs: number): Promise<boolean>
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

  function ended(code: number | null): void {
    if (code === null) kills += 1
    else crashes.push(code)
    deaths += 1
  }

  async function begin(member: Member, failpoint: string | undefined): Promise<void> {
    const armed = failpoint === undefined ? {} : { FAILPOINT: failpoint }
    const port = { PORT: String(member.port) }
    try {
      const begun = await startGateway({
        role: member.role,
        log,
        env: { ...env, ...setup.env, ...port, ...armed },
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

  return {
    urls: members.filter(({ role }) => role !== 'worker').map(({ port }) => `http://127.0.0.1:${port}`),
    isUp: () => living().some(({ role }) => role !== 'worker'),
    kills: () => kills,
    crashes: () => crashes,
    async start(failpoint) {
      if (closed) throw new Error('the drill is being stopped')
      deaths = 0
      const idle = members.filter(({ process }) => process === null)
      const begun = Promise.all(idle.map((member) => begin(member, failpoint)))
      starting.add(begun)
      await begun.finally(() => starting.delete(begun))
    },
    died: (limitMs) => until(() => deaths > 0, { limitMs, everyMs: 10 }),
    async killOne() {
      const alive = living()
      await kill(alive.slice(random.between(0, alive.length - 1)).slice(0, 1))
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
