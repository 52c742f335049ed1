import type { IncomingMessage, Server, ServerOptions, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { bounds, type Bounds } from '../schemas/bounds.ts'

type ServerBounds = Pick<
  Bounds,
  'headerBytes' | 'headers' | 'headersMs' | 'requestMs' | 'idleMs' | 'paceMs' | 'paceBytes' | 'lingerMs'
>

/** Options of a server that is open to the network. `requestMs` is long: how slow a client may be is `boundServer`'s to say. */
export const serverOptions = (by: ServerBounds = bounds): ServerOptions => ({
  maxHeaderSize: by.headerBytes,
  headersTimeout: by.headersMs,
  requestTimeout: by.requestMs,
  keepAliveTimeout: by.idleMs,
  connectionsCheckingInterval: Math.min(by.headersMs, 5_000),
})

interface Watched {
  readonly req: IncomingMessage
  readonly res: ServerResponse
  readonly socket: Socket
  /** As of the look before; null: not looked at yet. */
  read: number | null
  flushed: number
}

/**
 * Closes connections whose clients send a body, or take an answer, slower than the bounds: each holds a place that others wait
 * for. One timer for all requests, so that a quick one costs nothing but its entry.
 */
export function boundServer(server: Server, maxConnections: number, by: ServerBounds = bounds): void {
  server.maxConnections = maxConnections
  server.maxHeadersCount = by.headers
  const watched = new Set<Watched>()
  server.on('request', (req: IncomingMessage, res: ServerResponse) => {
    const entry = { req, res, socket: req.socket, read: null, flushed: 0 }
    watched.add(entry)
    res.once('close', () => {
      watched.delete(entry)
      if (!req.complete) linger(req, by.lingerMs)
    })
  })
  const timer = setInterval(() => {
    for (const entry of watched) if (isTooSlow(entry, by.paceBytes)) entry.socket.destroy()
  }, by.paceMs)
  timer.unref()
  server.once('close', () => clearInterval(timer))
}

function isTooSlow(entry: Watched, paceBytes: number): boolean {
  const { req, res, socket, read, flushed } = entry
  entry.read = socket.bytesRead
  entry.flushed = socket.bytesWritten - socket.writableLength
  if (read === null) return false
  const isOurTurn = req.readableLength > 0 // what came has not been read: the client waits for us
  const sendsSlowly = !req.complete && !isOurTurn && entry.read - read < paceBytes
  const takesNothing = (socket.writableLength > 0 || res.writableLength > 0) && entry.flushed === flushed
  return sendsSlowly || takesNothing
}

/** The answer is out and the client goes on sending: it gets a moment to see the answer. */
function linger(req: IncomingMessage, ms: number): void {
  req.removeAllListeners('readable').resume()
  const timer = setTimeout(() => {
    if (!req.complete) req.socket.destroy()
  }, ms)
  timer.unref()
}
