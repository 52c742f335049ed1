import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '../../client/index.ts'
import type { Random } from '../support/random.ts'
import type { Judge } from './judge.ts'
import type { Reception, Reply } from './reception.ts'

/** How a recipient's system says it over HTTP. */
const answers: Readonly<Record<Reply, { readonly status: number; readonly body: string }>> = {
  processed: { status: 200, body: '{"outcome":"processed"}' },
  delivered: { status: 202, body: '' },
  refused: { status: 200, body: '{"outcome":"refused","code":"drill","reason":"diễn tập từ chối"}' },
}

export interface SinkDeps {
  readonly code: string
  readonly reception: Reception
  readonly judge: Judge
  readonly client: () => Client
  readonly random: Random
  /** Longest time that an answer takes, in ms. */
  readonly answerMs: number
}

/** A recipient that the gateway pushes to: an HTTP server in this process, so that its memory outlives every gateway. */
export interface Sink {
  readonly port: number
  /** Refuses connections from now on. */
  down(): Promise<void>
  up(): Promise<void>
  /** Most requests that were under way at once since it last came up. */
  readonly peak: () => number
}

export async function startSink(deps: SinkDeps): Promise<Sink> {
  let underWay = 0
  let peak = 0

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    underWay += 1
    peak = Math.max(peak, underWay)
    res.once('close', () => {
      underWay -= 1
    })
    const outcome = await receive(await bytesOf(req), deps)
    await sleep(deps.random.between(0, deps.answerMs))
    const { status, body } = answers[outcome]
    res.writeHead(status, { 'content-type': 'application/json' }).end(body)
  }

  const server = createServer((req, res) => {
    answer(req, res).catch(() => res.destroy()) // the gateway was killed while it spoke
  })
  await listen(server, 0)
  const { port } = server.address() as AddressInfo // a listening TCP server has one
  return {
    port,
    peak: () => peak,
    async up() {
      peak = 0
      await listen(server, port)
    },
    async down() {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

async function receive(bytes: Buffer, { code, client, reception, judge }: SinkDeps): Promise<Reply> {
  const opened = await client()
    .open(bytes)
    .catch((error: unknown) => {
      judge.fault('altered', `${code} cannot open what it was sent: ${String(error)}`)
      throw error
    })
  const { header, outerHeader, payload } = opened
  return reception.take({
    recipient: code,
    senderRef: header.senderRef,
    messageId: outerHeader?.messageId ?? '',
    deliveryId: outerHeader?.deliveryId ?? '',
    payload,
    digest: createHash('sha256').update(bytes).digest('hex'),
  })
}

async function bytesOf(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk as Buffer) // no encoding is set
  return Buffer.concat(chunks)
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
}
