import { join } from 'node:path'
import { startMariadb, startRabbit } from '../support/services.ts'

export type ServiceName = 'database' | 'broker'

/** What the gateway stands on, as far as it is the drill's own to kill. */
export interface Services {
  /** Where the gateway finds them. */
  readonly env: Readonly<Record<string, string>>
  /** SIGKILL to each of them at once; resolves when they are gone. */
  kill(names: readonly ServiceName[]): Promise<void>
  /** Starts those that do not run, on the data they left; resolves when they take connections. */
  start(): Promise<void>
  readonly kills: () => number
  /** Ends them for good. */
  close(): Promise<void>
}

/** The gateway brings its own database and broker, or a setup names those of others: nothing of it is killed. */
export const noServices: Services = {
  env: {},
  kill: () => Promise.resolve(),
  start: () => Promise.resolve(),
  kills: () => 0,
  close: () => Promise.resolve(),
}

/** Starts a durable MariaDB server and a RabbitMQ node in new folders below `folder`. */
export async function startServices(folder: string): Promise<Services> {
  const [database, broker] = await Promise.all([
    startMariadb({ dir: join(folder, 'mariadb'), durable: true }),
    startRabbit({ dir: join(folder, 'rabbitmq') }),
  ])
  const all = { database, broker }
  let kills = 0
  return {
    env: { DATABASE_URL: database.url, AMQP_URL: broker.url },
    kills: () => kills,
    async kill(names) {
      kills += names.length
      await Promise.all(names.map((name) => all[name].kill()))
    },
    async start() {
      await Promise.all(Object.values(all).map((service) => service.start()))
    },
    async close() {
      await Promise.all(Object.values(all).map((service) => service.kill()))
      await broker.stop() // its port mapper, too
    },
  }
}
