import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'

const host = '127.0.0.1'

/** A TCP port of this machine that nothing listens on at this moment; `port` itself when it is free, else null. 0 = any. */
export async function freePort(port = 0): Promise<number | null> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EADDRINUSE') return null // net throws nothing else
    throw cause
  }
  const { port: found } = server.address() as AddressInfo // a listening TCP server has one
  server.close()
  await once(server, 'close')
  return found
}

/** As many different free ports as asked for. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  while (ports.size < count) ports.add((await freePort()) ?? 0)
  return [...ports]
}
