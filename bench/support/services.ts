import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../../sandbox/ports.ts'
import { createDaemon, greets, type Daemon } from './daemon.ts'

/** A server of this run's own, on 127.0.0.1 and a port of its own, with all it writes in one folder. `pid` is 0 while it does not run. */
export interface Service extends Daemon {
  readonly url: string
}

export interface Rabbit extends Service {
  /** Runs rabbitmqctl against this node and answers its output. */
  ctl(...args: readonly string[]): Promise<string>
}

const run = promisify(execFile)

/** Where Debian keeps the scripts themselves: those on the PATH change the user first. */
const scripts = process.env['RABBITMQ_SCRIPTS'] ?? '/usr/lib/rabbitmq/bin'
const mariadbd = process.env['MARIADBD'] ?? '/usr/sbin/mariadbd'

/** What `durable` means: nothing that was committed is lost at a power cut, by the log and by the binary log. */
export const durableSettings = {
  'innodb-flush-log-at-trx-commit': '1',
  'sync-binlog': '1',
  'log-bin': 'binlog',
  'binlog-format': 'ROW',
  'binlog-row-image': 'MINIMAL',
  'binlog-annotate-row-events': 'OFF',
} as const
const fastSettings = { 'innodb-flush-log-at-trx-commit': '2', 'skip-log-bin': '' } as const

/** The names of the servers that are not installed here; empty when both are. */
export function missingServices(): readonly string[] {
  const needed = { mariadbd, 'rabbitmq-server': join(scripts, 'rabbitmq-server') }
  return Object.entries(needed).flatMap(([name, path]) => (existsSync(path) ? [] : [name]))
}

/**
 * Makes a MariaDB server in `dir` (a new folder, or one it left) and starts it; `url` names its empty database `gateway`, as root
 * without a password. Takes about 5 s the first time.
 */
export async function startMariadb({
  dir,
  durable,
}: {
  readonly dir: string
  readonly durable: boolean
}): Promise<Service> {
  const folder = resolve(dir)
  const data = join(folder, 'data')
  const [port = 0] = await freePorts(1)
  await mkdir(folder, { recursive: true })
  if (!existsSync(data)) await installMariadb(data)
  await writeFile(join(folder, 'init.sql'), 'CREATE DATABASE IF NOT EXISTS gateway;\n')
  const daemon = createDaemon({
    name: 'mariadbd',
    command: mariadbd,
    args: optionsOf({ folder, data, port, settings: durable ? durableSettings : fastSettings }),
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8' },
    answers: () => greets(port),
  })
  await daemon.start()
  return withUrl(daemon, `mysql://root@127.0.0.1:${port}/gateway`)
}

async function installMariadb(data: string): Promise<void> {
  await run('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    ...asRoot(),
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ])
}

/** The server refuses to run as root unless told. */
function asRoot(): readonly string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : []
}

interface MariadbOptions {
  readonly folder: string
  readonly data: string
  readonly port: number
  readonly settings: Readonly<Record<string, string>>
}

function optionsOf({ folder, data, port, settings }: MariadbOptions): readonly string[] {
  const all = {
    datadir: data,
    socket: join(folder, 'socket'),
    'pid-file': join(folder, 'pid'),
    'init-file': join(folder, 'init.sql'),
    'bind-address': '127.0.0.1',
    port: String(port),
    'server-id': '1',
    'innodb-buffer-pool-size': '1G',
    'innodb-log-file-size': '512M',
    ...settings,
  }
  const words = Object.entries(all).map(([name, value]) =>
    value === '' ? `--${name}` : `--${name}=${value}`,
  )
  return ['--no-defaults', ...asRoot(), ...words]
}

/** Starts a RabbitMQ node with its own name, ports, folders, cookie and port mapper, all in `dir`. Takes about 6 s. */
export async function startRabbit({
  dir,
  plugins = [],
}: {
  readonly dir: string
  readonly plugins?: readonly string[]
}): Promise<Rabbit> {
  const folder = resolve(dir)
  const [port = 0, mapperPort = 0, peerPort = 0] = await freePorts(3)
  const env = rabbitEnv({ folder, port, mapperPort, peerPort })
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'plugins'), `[${plugins.join(',')}].\n`)
  await writeFile(join(folder, 'rabbitmq.conf'), 'loopback_users.guest = true\n')
  const mapper = createDaemon({
    name: 'epmd',
    command: 'epmd',
    args: ['-port', String(mapperPort), '-address', '127.0.0.1'],
    env,
    answers: () => greets(mapperPort, '\0\x01n'),
  })
  const node = createDaemon({
    name: 'rabbitmq-server',
    command: join(scripts, 'rabbitmq-server'),
    args: [],
    env,
    answers: () => greets(port, 'AMQP\0\0\x09\x01'),
  })
  const start = async () => {
    await mapper.start()
    await node.start()
  }
  await start()
  return {
    ...withUrl(node, `amqp://guest:guest@127.0.0.1:${port}`),
    /** The Erlang machine itself, not the script that started it. */
    get pid() {
      return node.pid === 0 ? 0 : Number(readFileSync(join(folder, 'pid'), 'utf8'))
    },
    start,
    async stop() {
      await node.stop()
      await mapper.stop()
    },
    ctl: async (...args) => (await run(join(scripts, 'rabbitmqctl'), [...args], { env })).stdout,
  }
}

function rabbitEnv({
  folder,
  port,
  mapperPort,
  peerPort,
}: Readonly<Record<'port' | 'mapperPort' | 'peerPort', number>> & { readonly folder: string }) {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder, // for the cookie
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(mapperPort),
    RABBITMQ_NODENAME: `own-${randomUUID().slice(0, 8)}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(peerPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'plugins'),
  }
}

function withUrl(daemon: Daemon, url: string): Service {
  return {
    url,
    start: () => daemon.start(),
    stop: () => daemon.stop(),
    kill: () => daemon.kill(),
    get pid() {
      return daemon.pid
    },
  }
}
