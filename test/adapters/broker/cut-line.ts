import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'

/** A TCP line between a client and a server that a test can disturb. */
export interface CutLine {
  /** The server's address, by way of the line. */
  readonly url: string
  /** Connections that are open. */
  open(): number
  /** Cuts all connections; new ones are taken, unless `refuse` is on. */
  cut(): void
  /** From now on new connections are cut at once, or not. */
  refuse(on: boolean): void
  /** Keeps the connections open and passes nothing on, as a dead switch does. */
  freeze(): void
  /** Passes things on again, the news of a closed end too. */
  thaw(): void
  /** Changes what the server says on connections made from now on. */
  rewrite(change: (fromServer: Buffer) => Buffer): void
}

/** Opens a line to the server at `url`, lends it, cuts it. */
export async function withCutLine<T>(url: string, use: (line: CutLine) => Promise<T>): Promise<T> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let refusing = false
  let change = (fromServer: Buffer) => fromServer

  const hold = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  }
  const server = createServer((near) => {
    hold(near)
    if (refusing) return void near.destroy()
    const far = connect({ host: target.hostname, port: Number(target.port || 5672), noDelay: true })
    hold(far)
    near.on('data', (bytes: Buffer) => far.write(bytes))
    far.on('data', (bytes: Buffer) => near.write(change(bytes)))
    near.on('close', () => far.destroy())
    far.on('close', () => near.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const through = new URL(url)
  through.hostname = '127.0.0.1'
  through.port = String((server.address() as AddressInfo).port)

  try {
    return await use({
      url: through.href,
      open: () => sockets.size / 2,
      cut: () => sockets.forEach((socket) => socket.destroy()),
      refuse: (on) => (refusing = on),
      freeze: () => sockets.forEach((socket) => socket.pause()),
      thaw: () => sockets.forEach((socket) => socket.resume()),
      rewrite: (next) => (change = next),
    })
  } finally {
    sockets.forEach((socket) => socket.destroy())
    server.close()
    await once(server, 'close')
  }
}
