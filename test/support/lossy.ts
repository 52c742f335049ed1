import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of a call: it and its answer pass; it passes, and its answer is lost; it is lost itself; or the line answers in the server's place. */
export type Fate = 'pass' | 'answer-lost' | 'lost' | { readonly status: number; readonly body: string }

export interface LossyLine {
  readonly url: string
  /** Last words of the paths that were called, in order. */
  readonly calls: readonly string[]
}

/** A line to a server that loses what `fateOf` says. */
export async function withLossyLine(
  target: string,
  fateOf: (name: string, nth: number) => Fate,
  use: (line: LossyLine) => Promise<void>,
): Promise<void> {
  const calls: string[] = []
  const server = createServer((asked, answer) => {
    const name = (asked.url ?? '').replace(/\?.*/, '').replace(/.*\//, '')
    calls.push(name)
    const fate = fateOf(name, calls.filter((each) => each === name).length)
    void readWhole(asked).then((body) => meet(fate, { target, asked, answer, body }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  try {
    await use({ url: `http://127.0.0.1:${port}${new URL(target).pathname}`, calls })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

interface Met {
  readonly target: string
  readonly asked: IncomingMessage
  readonly answer: ServerResponse
  readonly body: Buffer
}

function meet(fate: Fate, { target, asked, answer, body }: Met): void {
  if (fate === 'lost') return void asked.socket.destroy()
  if (typeof fate !== 'string') return void answer.writeHead(fate.status).end(fate.body)
  const { method, headers, url = '' } = asked
  const onward = request(new URL(url, target), { method, headers }, (told) => {
    void readWhole(told).then((text) => {
      if (fate === 'answer-lost') asked.socket.destroy()
      else answer.writeHead(told.statusCode ?? 502, told.headers).end(text)
    })
  })
  onward.on('error', () => asked.socket.destroy())
  onward.end(body)
}

async function readWhole(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece)
  return Buffer.concat(pieces)
}
