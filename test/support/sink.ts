import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SinkRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** When it was read whole, ms. */
  readonly at: number
}

export interface SinkAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Cut the connection instead of answering. */
  readonly cut?: true
}

export interface Sink {
  readonly url: string
  readonly requests: readonly SinkRequest[]
  /** How it answers from now on. */
  answer(how: (request: SinkRequest) => SinkAnswer | Promise<SinkAnswer>): void
}

/** An HTTP server that keeps what it is sent, lent to a test. It answers 200 unless told otherwise. */
export async function withSink(use: (sink: Sink) => Promise<void>): Promise<void> {
  const requests: SinkRequest[] = []
  let how: (request: SinkRequest) => SinkAnswer | Promise<SinkAnswer> = () => ({ status: 200 })
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const request = {
        path: req.url ?? '',
        headers: req.headers,
        body: Buffer.concat(chunks),
        at: Date.now(),
      }
      requests.push(request)
      void Promise.resolve(how(request)).then((answer) => {
        if (answer.cut) req.socket.destroy()
        else res.writeHead(answer.status, answer.headers).end(answer.body ?? '')
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    await use({
      url: `http://127.0.0.1:${port}/in`,
      requests,
      answer(next) {
        how = next
      },
    })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
