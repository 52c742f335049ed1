import { randomBytes } from 'node:crypto'
import type { Context } from 'mocha'
import { queueOf } from '../../adapters/broker/topology.ts'
import { connectStore } from '../../adapters/store/connect.ts'
import type { Database } from '../../adapters/store/database.ts'
import { openDatabase } from '../../adapters/store/open-database.ts'
import type { Store } from '../../adapters/store/store.ts'
import { createClient, type Client } from '../../client/index.ts'
import { createSandbox, type PartyRow, type Sandbox } from '../../sandbox/create.ts'
import { readKnown, readParty } from '../../sandbox/party-client.ts'
import { programOf } from '../../sandbox/program.ts'
import { actions } from '../../schemas/actions.ts'
import { withCutLine, type CutLine } from '../adapters/broker/cut-line.ts'
import { masterKeys, readPayload, withDatabaseUrl } from './database.ts'
import { withMembers, type Member, type Members } from './fleet-members.ts'
import { lendToSuite } from './lend.ts'
import { withProcess, withTempDir } from './processes.ts'
import { rabbitUrl, requireRabbit, withOwnQueues } from './rabbitmq.ts'
import { withSink, type Sink, type SinkAnswer } from './sink.ts'
import { skip } from './skip.ts'

export interface FleetPlan {
  readonly apis: number
  readonly workers: number
  readonly senders: readonly string[]
  /** Bodies that are pushed to; their door is the fleet's sink. */
  readonly recipients: readonly string[]
  /** Added to the environment of every process. */
  readonly env?: Readonly<Record<string, string>>
}

/** A push as it came in. */
export interface Arrival {
  readonly messageId: string
  readonly deliveryId: string
  readonly at: number
}

export interface Fleet extends Members {
  /** A store of the test's own on the fleet's database, as an operator's command has. */
  readonly store: Store
  /** The same for bare SQL. */
  readonly database: Database
  /** The lines on which all processes reach broker and database. */
  readonly lines: Readonly<Record<'broker' | 'database', CutLine>>
  /** A client of a sender at one door; it asks once. */
  client(sender: string, door: number): Client
  /** What a recipient was sent, in order. */
  arrivals(recipient: string): readonly Arrival[]
  /** How a recipient answers from now on; 200 unless told. */
  answer(recipient: string, how: () => SinkAnswer | Promise<SinkAnswer>): void
  /** Drops the tickets that wait in a recipient's queue; how many there were. */
  purge(recipient: string): Promise<number>
}

/** What a fleet stands on. */
interface Ground {
  readonly dir: string
  readonly databaseUrl: string
  readonly lines: Fleet['lines']
  readonly sink: Sink
}

/** Skips, with the reason in the count at the end, where no broker or no database answers. */
export async function requireServices(context: Context): Promise<void> {
  await requireRabbit(context)
  await withDatabaseUrl('mysql', () => Promise.resolve()).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
      skip(context, 'no MySQL or MariaDB answers')
    throw error
  })
}

/** One fleet for all tests of a suite: they start and stop its members, and take recipients of their own. */
export const lendFleet = (plan: FleetPlan): (() => Fleet) =>
  lendToSuite((use) => withFleet(plan, use), { require: requireServices })

/** Migrates a database of its own, starts the processes of the plan on it, lends them, ends them, drops database and queues. */
export function withFleet(plan: FleetPlan, use: (fleet: Fleet) => Promise<void>): Promise<void> {
  return withGround(async ({ dir, databaseUrl, lines, sink }) => {
    const sandbox = await createSandbox({
      dir,
      parties: [...plan.senders.map(senderRow), ...plan.recipients.map((code) => recipientRow(code, sink))],
      gatewayPort: 0,
      now: Date.now(),
    })
    const prefix = `fleet-${randomBytes(4).toString('hex')}`
    const { REGISTRY_FILE = '', ...known } = sandbox.env
    const env = {
      ...known,
      AMQP_PREFIX: prefix,
      AMQP_URL: lines.broker.url,
      DATABASE_URL: lines.database.url,
      ...plan.env,
    }
    await migrate({ ...env, REGISTRY_FILE })
    await withQueues(plan.recipients, prefix, (purge) =>
      withOwnStore(databaseUrl, (own) =>
        withMembers(plan, env, (members) =>
          use({
            ...members,
            ...own,
            ...doorOf(sink),
            lines,
            purge,
            client: clientsOf(sandbox, members.apis),
          }),
        ),
      ),
    )
  })
}

function withGround(use: (ground: Ground) => Promise<void>): Promise<void> {
  return withTempDir((dir) =>
    withDatabaseUrl('mysql', (databaseUrl) =>
      withCutLine(withPort(databaseUrl, 3306), (database) =>
        withCutLine(rabbitUrl, (broker) =>
          withSink((sink) => use({ dir, databaseUrl, lines: { broker, database }, sink })),
        ),
      ),
    ),
  )
}

function withPort(url: string, port: number): string {
  const whole = new URL(url)
  if (whole.port === '') whole.port = String(port)
  return whole.href
}

const row = (code: string) => ({ code, name: `Đơn vị thử ${code}`, partyClass: 'state' }) as const

function senderRow(code: string): PartyRow {
  return { ...row(code), dialect: 'mailbox', options: { format: 'sealed' }, grants: Object.keys(actions) }
}

function recipientRow(code: string, sink: Sink): PartyRow {
  return {
    ...row(code),
    dialect: 'axis-xml',
    options: { url: new URL(`/${code}`, sink.url).href },
    grants: [],
  }
}

/** As an operator does before the first start. It alone reads the registry's file: each import replaces the registry. */
async function migrate(env: Readonly<Record<string, string>>): Promise<void> {
  const args = [...programOf('main'), '--role=migrate']
  await withProcess(process.execPath, args, { env }, async ({ exit, stderr }) => {
    const { code } = await exit
    if (code !== 0) throw new Error(`the migration ended with ${String(code)}: ${stderr.join('\n')}`)
  })
}

function withQueues(
  recipients: readonly string[],
  prefix: string,
  use: (purge: Fleet['purge']) => Promise<void>,
): Promise<void> {
  return withOwnQueues(rabbitUrl, async ({ aside }) => {
    const purge = (code: string) =>
      aside(async (channel) => (await channel.purgeQueue(queueOf(prefix, code))).messageCount)
    try {
      await use(purge)
    } finally {
      await aside(async (channel) => {
        for (const code of recipients) await channel.deleteQueue(queueOf(prefix, code))
      })
    }
  })
}

async function withOwnStore(
  url: string,
  use: (own: Pick<Fleet, 'store' | 'database'>) => Promise<void>,
): Promise<void> {
  const database = openDatabase(url)
  const store = await connectStore({ url, masterKeys, writer: 'test', readOriginal: readPayload })
  try {
    await use({ store, database })
  } finally {
    await store.close()
    await database.knex.destroy()
  }
}

function clientsOf({ parties, paths }: Sandbox, apis: readonly Member[]): Fleet['client'] {
  const known = readKnown(paths.certificates)
  const speakers = new Map(parties.map((party) => [party.code, readParty(party, known)]))
  return (sender, door) => {
    const speaker = speakers.get(sender)
    const api = apis[door]
    if (speaker === undefined || api === undefined) throw new Error(`no client of ${sender} at door ${door}`)
    return createClient({
      ...speaker,
      url: api.url,
      retry: { attempts: 1, firstDelayMs: 0 },
      timeoutMs: 10_000,
    })
  }
}

function doorOf(sink: Sink): Pick<Fleet, 'arrivals' | 'answer'> {
  const answers = new Map<string, () => SinkAnswer | Promise<SinkAnswer>>()
  sink.answer(({ path }) => answers.get(path)?.() ?? { status: 200 })
  return {
    arrivals: (recipient) =>
      sink.requests
        .filter(({ path }) => path === `/${recipient}`)
        .map(({ headers, at }) => ({
          at,
          messageId: String(headers['message-id']),
          deliveryId: String(headers['delivery-id']),
        })),
    answer: (recipient, how) => void answers.set(`/${recipient}`, how),
  }
}
