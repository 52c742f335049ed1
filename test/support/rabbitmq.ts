import { connect } from 'amqplib'
import { execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Channel } from 'amqplib'
import type { ChildProcess } from 'node:child_process'
import type { Context } from 'mocha'
import { queueOf } from '../../adapters/broker/topology.ts'
import { hold } from './leaks.ts'
import { freePort, withProcess, withTempDir } from './processes.ts'
import { skip } from './skip.ts'

/** The server the tests share with others; `AMQP_URL` names another one. */
export const rabbitUrl = process.env['AMQP_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672'

/** Skips, with the reason in the count at the end, where no server answers. */
export async function requireRabbit(context: Context): Promise<void> {
  const model = await connect(rabbitUrl, { timeout: 3000 }).catch(() => undefined)
  if (model === undefined) skip(context, 'no RabbitMQ answers at AMQP_URL')
  await model.close()
}

/** Queues that belong to one test. */
export interface OwnQueues {
  readonly prefix: string
  /** A new code, whose queue is deleted after the test. */
  readonly newAgency: () => string
  /** Calls on a connection beside that of the broker under test; each gets a channel of its own. */
  readonly aside: <T>(act: (channel: Channel) => Promise<T>) => Promise<T>
  readonly queueOf: (agency: string) => string
}

/** Lends queue names nobody else uses, on the server at `url`, and deletes the queues. */
export async function withOwnQueues<T>(url: string, use: (own: OwnQueues) => Promise<T>): Promise<T> {
  const prefix = `test-${randomUUID()}`
  const agencies: string[] = []
  const aside = <R>(act: (channel: Channel) => Promise<R>) => withChannel(url, act)
  const newAgency = () => {
    const agency = `G${String(agencies.length + 1).padStart(2, '0')}`
    agencies.push(agency)
    return agency
  }
  try {
    return await use({ prefix, newAgency, aside, queueOf: (agency) => queueOf(prefix, agency) })
  } finally {
    await aside(async (channel) => {
      for (const agency of agencies) await channel.deleteQueue(queueOf(prefix, agency))
    })
  }
}

async function withChannel<T>(url: string, act: (channel: Channel) => Promise<T>): Promise<T> {
  const model = await connect(url, { noDelay: true })
  model.on('error', () => undefined)
  try {
    const channel = await model.createConfirmChannel()
    channel.on('error', () => undefined) // the call that caused it rejects with it
    const answer = await act(channel)
    await channel.waitForConfirms() // a close overtakes what was published
    return answer
  } finally {
    await model.close().catch(() => undefined)
  }
}

/** Asks until the answer is yes; rejects at the time limit, which only a fault reaches. */
export async function until(ask: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const end = Date.now() + limitMs
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`after ${limitMs} ms still not: ${ask.toString()}`)
    await sleep(10)
  }
}

/** Debian's scripts themselves: those on the PATH change the user first. */
const scripts = process.env['RABBITMQ_SCRIPTS'] ?? '/usr/lib/rabbitmq/bin'
const run = promisify(execFile)

/** A broker node of its own that a test may stop, kill and starve. */
export interface PrivateRabbit {
  readonly url: string
  /** Ends the node as a power cut does. */
  kill(): Promise<void>
  /** Starts it again on the data it left; resolves when it takes connections. */
  start(): Promise<void>
  /** Runs rabbitmqctl against this node. */
  ctl(...args: readonly string[]): Promise<void>
}

/** Skips, with the reason in the count at the end, where the server is not installed. */
export function requirePrivateRabbit(context: Context): void {
  if (!existsSync(join(scripts, 'rabbitmq-server'))) skip(context, 'rabbitmq-server is not installed')
}

/** Starts a node with its own name, ports, folders, cookie and port mapper; lends it; kills it. Takes about 6 seconds. */
export async function withPrivateRabbit<T>(use: (rabbit: PrivateRabbit) => Promise<T>): Promise<T> {
  return withTempDir(async (folder) => {
    const port = await freePort()
    const env = await environment(folder, port)
    const url = `amqp://guest:guest@127.0.0.1:${port}`
    return withProcess(
      'epmd',
      ['-port', env['ERL_EPMD_PORT'] ?? '', '-address', '127.0.0.1'],
      {},
      async () => {
        let node: Node | undefined
        const start = async () => {
          node = startNode(env)
          await untilItAnswers(url, node)
        }
        const kill = async () => node?.kill()
        const ctl = async (...args: readonly string[]) => {
          await run(join(scripts, 'rabbitmqctl'), args, { env })
        }
        try {
          await start()
          return await use({ url, kill, start, ctl })
        } finally {
          await kill()
        }
      },
    )
  })
}

async function environment(folder: string, port: number): Promise<Record<string, string>> {
  const plugins = join(folder, 'plugins')
  const config = join(folder, 'rabbitmq.conf')
  await writeFile(plugins, '[].')
  await writeFile(config, 'loopback_users.guest = true\n')
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: folder, // for the cookie
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(await freePort()),
    RABBITMQ_NODENAME: `test-${randomUUID().slice(0, 8)}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    RABBITMQ_CONFIG_FILE: config,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'none'),
    RABBITMQ_ENABLED_PLUGINS_FILE: plugins,
  }
}

interface Node {
  /** What it has printed, for the message when it does not start. */
  output(): string
  ended(): boolean
  kill(): Promise<void>
}

function startNode(env: Record<string, string>): Node {
  const child: ChildProcess = spawn(join(scripts, 'rabbitmq-server'), [], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // its own group: the script, the node, and the node's helpers
  })
  let output = ''
  child.stdout?.on('data', (text: Buffer) => (output += text.toString()))
  child.stderr?.on('data', (text: Buffer) => (output += text.toString()))
  const ended = () => child.exitCode !== null || child.signalCode !== null
  const end = () => {
    if (!ended() && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  }
  const release = hold('a private RabbitMQ node', end)
  const closed = once(child, 'close')
  return {
    output: () => output,
    ended,
    kill: async () => {
      end()
      await closed
      release()
    },
  }
}

async function untilItAnswers(url: string, node: Node): Promise<void> {
  await until(async () => {
    if (node.ended()) throw new Error(`the private node did not start:\n${node.output()}`)
    const model = await connect(url, { timeout: 2000 }).catch(() => undefined)
    await model?.close()
    return model !== undefined
  }, 60_000)
}
