import { createPool } from 'mysql2/promise'
import type { RowDataPacket } from 'mysql2/promise'
import type { Place } from './place.ts'
import { startProgram, type Program } from './program.ts'

/** A relay under measurement: its processes, its door, and what it has not yet recorded. */
export interface System {
  readonly url: string
  readonly processes: readonly Program[]
  /** Messages it has accepted and not recorded as delivered. */
  readonly open: () => Promise<number>
  stop(): Promise<void>
}

interface SystemPlan {
  readonly url: string
  readonly databaseUrl: string
  /** Counts what is open; its one column is `n`. */
  readonly openSql: string
  /** Started in this order: the first prepares the database. */
  readonly programs: readonly (() => Promise<Program>)[]
}

export async function startSystem({ url, databaseUrl, openSql, programs }: SystemPlan): Promise<System> {
  const processes: Program[] = []
  const pool = createPool({ uri: databaseUrl, connectionLimit: 1 })
  const stop = async () => {
    await Promise.all(processes.map((program) => program.stop()))
    await pool.end()
  }
  try {
    for (const start of programs) processes.push(await start())
  } catch (error) {
    await stop()
    throw error
  }
  const open = async () => {
    const [rows] = await pool.query<(RowDataPacket & { readonly n: number })[]>(openSql)
    return rows[0]?.n ?? 0
  }
  return { url, processes, open, stop }
}

/** As the image starts it. */
export const heapFlags = ['--max-semi-space-size=32', '--heap-growing-percent=50'] as const

const roles = ['api', 'worker'] as const

/** Starts the built gateway as two processes on a database; `nodeArgs` go before the program. */
export function startGateway(
  place: Place,
  databaseUrl: string,
  nodeArgs: (role: string) => readonly string[] = () => [],
): Promise<System> {
  const { sandbox, rabbit, port, log } = place
  const env = {
    ...sandbox.env,
    DATABASE_URL: databaseUrl,
    AMQP_URL: rabbit.url,
    AMQP_PREFIX: `bench-${databaseUrl.replace(/.*\//, '')}`,
    PORT: String(port),
    LOG_LEVEL: 'info',
    RATE_PER_SECOND: '1000000',
  }
  return startSystem({
    url: `http://127.0.0.1:${port}`,
    databaseUrl,
    openSql: "SELECT COUNT(*) AS n FROM delivery WHERE state IN ('due', 'behind', 'sending', 'parked')",
    programs: roles.map((role) => () => {
      const args = [...heapFlags, ...nodeArgs(role), 'dist/config/main.js', `--role=${role}`]
      return startProgram({ name: role, args, env, log })
    }),
  })
}
