import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Owner {
  /** `host:port`, as a registry names it. */
  readonly host: string
  /** Requests that came, as `METHOD path range`. */
  readonly asked: readonly string[]
}

/** A body's own server of files, lent to a test. */
export async function withOwner(
  handle: (req: IncomingMessage, res: ServerResponse) => void,
  use: (owner: Owner) => Promise<void>,
): Promise<void> {
  const asked: string[] = []
  const server = createServer((req, res) => {
    asked.push([req.method, req.url, req.headers.range].filter((part) => part !== undefined).join(' '))
    handle(req, res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await use({ host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked })
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}
