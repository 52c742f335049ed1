import { createServer, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import type { Client } from '../client/index.ts'
import { GatewayError } from '../schemas/errors.ts'
import type { Receiver } from './receiving.ts'

export interface ListenerDeps {
  readonly client: Pick<Client, 'open'>
  readonly receiver: Receiver
  readonly unreadable: (deliveryId: string, reason: string) => void
}

const maxBytes = 8 * 1024 * 1024

/** The door of a body that the gateway pushes to. Listens on the host and port of `url`. */
export async function startListener(url: string, deps: ListenerDeps): Promise<Server> {
  const server = createServer((request, response) => {
    answer(request, deps).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' })
        response.end(JSON.stringify(body))
      },
      () => response.destroy(),
    )
  })
  const { hostname, port } = new URL(url)
  server.listen(Number(port), hostname)
  await once(server, 'listening')
  return server
}

interface Reply {
  readonly status: number
  readonly body: Readonly<Record<string, string>>
}

async function answer(request: IncomingMessage, deps: ListenerDeps): Promise<Reply> {
  if (request.method !== 'POST') return { status: 405, body: {} }
  const deliveryId = headerText(request, 'delivery-id')
  const bytes = await read(request)
  try {
    const { header, payload } = await deps.client.open(bytes)
    const messageId = headerText(request, 'message-id')
    const { outcome, reason } = deps.receiver.receive({ deliveryId, messageId, header, payload })
    return { status: 200, body: { outcome, ...(reason === undefined ? {} : { reason }) } }
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    deps.unreadable(deliveryId, error.message)
    return { status: 422, body: { code: error.code, reason: error.reason ?? '' } }
  }
}

function headerText(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = chunk as Buffer // no encoding is set
    size += bytes.byteLength
    if (size > maxBytes) throw new Error('delivery too large')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
