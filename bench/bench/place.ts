import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import type { Client } from '../../client/index.ts'
import { createClient } from '../../client/index.ts'
import { adapterEnvelopeClient } from '../../sandbox/clients/adapter-envelope.ts'
import { vxpClient } from '../../sandbox/clients/vxp.ts'
import { createSandbox, type PartyRow, type Sandbox } from '../../sandbox/create.ts'
import { readKnown, readParty } from '../../sandbox/party-client.ts'
import { freePorts } from '../../sandbox/ports.ts'
import { startMariadb, startRabbit, type Rabbit, type Service } from '../support/services.ts'
import { action } from './letters.ts'
import { startTraffic, type Traffic } from './traffic.ts'

const senderCodes = ['H49', 'H37', 'H29', 'H01'] as const
const recipientCodes = ['G01', 'G02', 'G03', 'G04', 'G05', 'G06', 'G07', 'G08'] as const

/** Everything a run stands on: servers of its own, bodies with their keys, and the process that plays them. */
export interface Place {
  readonly folder: string
  readonly log: string
  readonly mariadb: Service
  readonly rabbit: Rabbit
  readonly traffic: Traffic
  readonly sandbox: Sandbox
  readonly port: number
  readonly senders: readonly Client[]
  readonly recipients: readonly string[]
  /** The senders' API keys, in their order. */
  readonly apiKeys: readonly string[]
  /** Makes an empty database and answers its address. */
  readonly createDatabase: (name: string) => Promise<string>
  close(): Promise<void>
}

/** Starts the servers and the traffic process, and makes the bodies. What was started is ended when it rejects. */
export async function createPlace(folder: string): Promise<Place> {
  await mkdir(folder, { recursive: true })
  const started: { stop(): Promise<void> | void }[] = []
  const noting = async <T extends { stop(): Promise<void> | void }>(starting: Promise<T>): Promise<T> => {
    const service = await starting
    started.push(service)
    return service
  }
  const close = async () => {
    await Promise.allSettled(started.map(async (service) => service.stop()))
  }
  try {
    const [mariadb, rabbit, traffic] = await Promise.all([
      noting(startMariadb({ dir: join(folder, 'mariadb'), durable: true })),
      noting(startRabbit({ dir: join(folder, 'rabbitmq'), plugins: ['rabbitmq_shovel'] })),
      noting(startTraffic()),
    ])
    const [port = 0] = await freePorts(1)
    const dir = join(folder, 'sandbox')
    const parties = [
      ...senderCodes.map(senderRow),
      ...recipientCodes.map((code) => recipientRow(code, traffic)),
    ]
    const core = { 'portal-core': [recipientCodes[0]] }
    const sandbox = await createSandbox({
      ...{ dir, parties, clients: [adapterEnvelopeClient, vxpClient], aliases: core },
      ...{ gatewayPort: port, now: Date.now() },
    })
    return {
      ...{ folder, mariadb, rabbit, traffic, sandbox, port, close },
      ...sendersOf(sandbox),
      log: join(folder, 'gateway.log'),
      recipients: recipientCodes,
      createDatabase: (name) => createDatabase(mariadb.url, name),
    }
  } catch (error) {
    await close()
    throw error
  }
}

const row = (code: string) => ({ code, name: `Đơn vị đo ${code}`, partyClass: 'state' }) as const

function senderRow(code: string): PartyRow {
  return { ...row(code), signing: 'rsa', dialect: 'mailbox', options: { format: 'sealed' }, grants: [action] }
}

function recipientRow(code: string, { sinkUrl: url }: Traffic): PartyRow {
  return { ...row(code), dialect: 'axis-xml', options: { url, timeoutMs: 30_000 }, grants: [] }
}

function sendersOf({ parties, paths }: Sandbox): Pick<Place, 'senders' | 'apiKeys'> {
  const known = readKnown(paths.certificates)
  const senders = parties.slice(0, senderCodes.length)
  return {
    senders: senders.map((party) => createClient(readParty(party, known))),
    apiKeys: senders.map(({ apiKey }) => apiKey),
  }
}

async function createDatabase(url: string, name: string): Promise<string> {
  const connection = await createConnection(url)
  try {
    await connection.query(`CREATE DATABASE \`${name}\``)
  } finally {
    await connection.end()
  }
  return url.replace(/[^/]+$/, name)
}
