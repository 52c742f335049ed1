import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { readdir } from 'node:fs/promises'
import { expect } from 'chai'
import { boundServer, serverOptions } from '../../routes/server-bounds.ts'
import { bounds } from '../../schemas/bounds.ts'
import { eventually, withGateway } from '../support/gateway.ts'
import { createParty } from '../support/parties.ts'

const province = createParty({ code: 'H49' })
const strict = { ...bounds, headersMs: 200, paceMs: 100, paceBytes: 1000, lingerMs: 300, headers: 20 }

/** A bounded server that counts the bytes of bodies and answers as many as it is asked for. */
async function withServer(maxConnections: number, use: (open: () => Socket) => Promise<void>): Promise<void> {
  const server = createServer(serverOptions(strict), (req, res) => {
    if (req.url === '/refuse') return void res.writeHead(413).end()
    req.resume()
    if (req.url === '/long') return void res.end(Buffer.alloc(64 * 1024 * 1024))
    req.once('end', () => res.end('done'))
  })
  boundServer(server, maxConnections, strict)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const sockets: Socket[] = []
  try {
    await use(() => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined)
      sockets.push(socket)
      return socket
    })
  } finally {
    for (const socket of sockets) socket.destroy()
    server.closeAllConnections()
    server.close()
  }
}

/** All that comes until the server closes. */
async function readToEnd(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (bytes: Buffer) => (text += bytes.toString('latin1')))
  socket.on('error', () => undefined) // a client that goes on writing may be reset after it was told
  await new Promise((resolve) => socket.once('close', resolve))
  return text
}

describe('a bounded server closes the connection of', () => {
  it('who does not end his headers', () =>
    withServer(10, async (open) => {
      const socket = open()
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n')
      expect(await readToEnd(socket)).to.match(/^HTTP\/1.1 408 /)
    }))

  it('who sends a body too slowly', () =>
    withServer(10, async (open) => {
      const socket = open()
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n')
      const drip = setInterval(() => socket.write('x'), 20)
      expect(await readToEnd(socket)).to.equal('')
      clearInterval(drip)
    }))

  it('who does not take his answer', () =>
    withServer(10, async (open) => {
      const socket = open()
      socket.write('GET /long HTTP/1.1\r\nhost: x\r\n\r\n')
      socket.pause()
      await once(socket, 'connect')
      await new Promise((resolve) => setTimeout(resolve, 1_000)) // time for the server to give up
      const text = await readToEnd(socket.resume())
      expect(text.length).to.be.below(64 * 1024 * 1024)
    }))

  it('who goes on sending what was refused, after he was told', () =>
    withServer(10, async (open) => {
      const socket = open()
      socket.write('POST /refuse HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
      const more = setInterval(() => socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`), 5)
      expect(await readToEnd(socket)).to.match(/^HTTP\/1.1 413 /)
      clearInterval(more)
    }))

  it('who sends headers that are too long', () =>
    withServer(10, async (open) => {
      const socket = open()
      socket.write(`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(bounds.headerBytes + 4_000)}\r\n\r\n`)
      expect(await readToEnd(socket)).to.match(/^HTTP\/1.1 431 /)
    }))

  it('who comes when there are too many', () =>
    withServer(1, async (open) => {
      const first = open()
      await once(first, 'connect')
      const second = open()
      expect(await readToEnd(second)).to.equal('')
      first.end('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
      expect(await readToEnd(first)).to.match(/^HTTP\/1.1 200 /)
    }))

  it('nobody who is quick, or whom it keeps waiting itself', () =>
    withServer(10, async (open) => {
      const socket = open()
      socket.write('POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 600000\r\n\r\n')
      let sent = 0
      const flow = setInterval(() => {
        socket.write(Buffer.alloc(20_000))
        sent += 20_000
        if (sent === 600_000) clearInterval(flow)
      }, 15)
      expect(await readToEnd(socket)).to.match(/^HTTP\/1.1 200 /)
    }))
})

describe('the body of a message', () => {
  const head = (size: string) =>
    `POST /v1/messages HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${province.apiKey}\r\ncontent-type: application/xml\r\n${size}\r\n\r\n`
  const open = (url: string) => connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined)

  it('is refused when it is too large, with a length or without, and the reason names POST /v1/files', () =>
    withGateway([province], {}, async ({ url }) => {
      const long = open(url)
      long.write(head(`content-length: ${bounds.messageBytes + 1}`))
      expect(await readToEnd(long)).to.match(/^HTTP\/1.1 413 [^]*POST \/v1\/files/)
      const chunked = open(url)
      chunked.write(head('transfer-encoding: chunked'))
      const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`
      for (let sent = 0; sent <= bounds.messageBytes; sent += 65_536) chunked.write(piece)
      expect(await readToEnd(chunked)).to.match(/^HTTP\/1.1 413 /)
    }))

  it('leaves nothing on disk when its sender goes away in the middle', () =>
    withGateway([province], {}, async ({ url, dir, log }) => {
      const socket = open(url)
      socket.write(head('content-length: 2000000'))
      socket.write(Buffer.alloc(1_000_000))
      await once(socket, 'drain').catch(() => undefined)
      socket.destroy()
      await eventually('a refusal in the log', () =>
        Promise.resolve(
          log.some(({ event, fields }) => event === 'refused' && fields['code'] !== 'too_large'),
        ),
      )
      expect(await readdir(`${dir}/blobs/incoming`)).to.deep.equal([])
    }))

  it('is refused with a coding', () =>
    withGateway([province], {}, async ({ url }) => {
      const socket = open(url)
      socket.write(head('connection: close\r\ncontent-encoding: gzip\r\ncontent-length: 1'))
      socket.write('x')
      expect(await readToEnd(socket)).to.match(/^HTTP\/1.1 415 /)
    }))
})
