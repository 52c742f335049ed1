import { expect } from 'chai'
import { createServer, type AddressInfo } from 'node:net'
import type { Transport, TransportFailure } from '../../../adapters/agencies/dialect.ts'
import { createHttpTransport } from '../../../adapters/transport/http.ts'
import { freePort } from '../../support/processes.ts'
import { withSink } from '../../support/sink.ts'
import { longAgo, withTlsServer } from '../../support/tls.ts'

const call = {
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('xin chào'),
  timeoutMs: 2_000,
  maxAnswerBytes: 1_000,
}

async function withTransport<T>(
  use: (transport: Transport) => Promise<T>,
  given: Parameters<typeof createHttpTransport>[0] = {},
  networks: readonly string[] = ['127.0.0.0/8', '::1/128'],
): Promise<T> {
  const transport = createHttpTransport(given)
  try {
    return await use(transport.to(networks))
  } finally {
    await transport.close()
  }
}

describe('the HTTP transport', () => {
  it('posts and reads the answer', () =>
    withTransport((transport) =>
      withSink(async (sink) => {
        sink.answer(({ body }) => ({ status: 201, headers: { 'x-a': 'b' }, body: body.toString() }))
        const answer = await transport.post({ ...call, url: sink.url })
        expect(answer).to.deep.include({ status: 201, body: Buffer.from('xin chào') })
        expect((answer as { headers: object }).headers).to.include({ 'x-a': 'b' })
      }),
    ))

  it('follows no redirect', () =>
    withTransport((transport) =>
      withSink(async (sink) => {
        sink.answer(() => ({ status: 302, headers: { location: sink.url } }))
        expect(await transport.post({ ...call, url: sink.url })).to.include({ status: 302 })
        expect(sink.requests.length).to.equal(1)
      }),
    ))

  it('reads no more of an answer than it was asked to', () =>
    withTransport((transport) =>
      withSink(async (sink) => {
        sink.answer(() => ({ status: 200, body: 'x'.repeat(500_000) }))
        const answer = await transport.post({ ...call, url: sink.url })
        expect((answer as { body: Uint8Array }).body.byteLength).to.be.at.most(1_000)
      }),
    ))

  it('sends a body as it is written, with its length, and hands an answer on as it comes', () =>
    withTransport((transport) =>
      withSink(async (sink) => {
        sink.answer(({ body }) => ({ status: 200, body: body.toString() }))
        const pieces = ['xin ', 'chào', ' tất cả']
        const streamed = {
          ...{ size: Buffer.byteLength(pieces.join('')), sha256: '' },
          async *open() {
            for (const piece of pieces) yield Buffer.from(piece)
          },
        }
        const received: Uint8Array[] = []
        const answer = await transport.post({
          ...{ ...call, url: sink.url, body: new Uint8Array(0), streamed },
          async receive(bytes) {
            for await (const piece of bytes) received.push(piece)
          },
        })
        expect(answer).to.deep.include({ status: 200, body: new Uint8Array(0) })
        expect(Buffer.concat(received).toString()).to.equal('xin chào tất cả')
        expect(sink.requests[0]?.headers).to.include({ 'content-length': String(streamed.size) })
      }),
    ))

  it('cuts an answer that is handed on at its bound, and tells so', () =>
    withTransport((transport) =>
      withSink(async (sink) => {
        sink.answer(() => ({ status: 200, body: 'x'.repeat(500_000) }))
        let received = 0
        const receive = async (bytes: AsyncIterable<Uint8Array>) => {
          for await (const piece of bytes) received += piece.byteLength
        }
        const thrown = await transport
          .post({ ...call, url: sink.url, receive })
          .catch((error: unknown) => error)
        expect(thrown).to.include({ code: 'too_large' })
        expect(received).to.be.at.most(1_000)
      }),
    ))

  it('knows what cannot have been sent from what may have been', () =>
    withTransport((transport) =>
      withSink(async (sink) => {
        const closed = `http://127.0.0.1:${await freePort()}/`
        expect(await transport.post({ ...call, url: closed })).to.include({
          failure: 'unsent',
          code: 'econnrefused',
        })
        sink.answer(() => ({ status: 0, cut: true }))
        expect(await transport.post({ ...call, url: sink.url })).to.include({ failure: 'ambiguous' })
        sink.answer(() => new Promise(() => undefined))
        expect(await transport.post({ ...call, url: sink.url, timeoutMs: 100 })).to.include({
          failure: 'ambiguous',
          code: 'timeout',
        })
      }),
    ))

  it('cannot tell what became of a request whose answer broke off in the middle', () =>
    withTransport((transport) =>
      withRawServer('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"outcome":', async (url) => {
        expect(await transport.post({ ...call, url })).to.include({ failure: 'ambiguous' })
      }),
    ))

  it('cannot tell what became of a request whose answer is no HTTP', () =>
    withTransport((transport) =>
      withRawServer('xin chào\r\n\r\n', async (url) => {
        expect(await transport.post({ ...call, url })).to.include({ failure: 'ambiguous' })
      }),
    ))
})

describe('the HTTP transport and certificates', () => {
  const post = (port: number, authorities: readonly string[], host = 'localhost') =>
    withTransport((transport) => transport.post({ ...call, url: `https://${host}:${port}/` }), {
      authorities,
    })

  it('takes a certificate of an authority that it is told to trust', () =>
    withTlsServer({}, async ({ port, ca }) => {
      expect(await post(port, [ca])).to.include({ status: 200 })
    }))

  it("calls an untrusted certificate a fault of the other side's configuration", () =>
    withTlsServer({}, async ({ port }) => {
      expect(await post(port, [])).to.include({ failure: 'configuration' })
    }))

  it('calls an expired certificate one', () =>
    withTlsServer({ issuedAt: longAgo() }, async ({ port, ca }) => {
      expect(await post(port, [ca])).to.include({ failure: 'configuration', code: 'cert_has_expired' })
    }))

  it("calls another host's certificate one", () =>
    withTlsServer({ name: 'nhan.example.vn' }, async ({ port, ca }) => {
      expect(await post(port, [ca])).to.include({
        failure: 'configuration',
        code: 'err_tls_cert_altname_invalid',
      })
    }))

  it('calls a server without TLS where TLS is due one', () =>
    withSink(async (sink) => {
      expect(await post(Number(new URL(sink.url).port), [])).to.include({ failure: 'configuration' })
    }))
})

describe('the HTTP transport and private addresses', () => {
  const refusal = { failure: 'configuration', code: 'address_refused' }
  const post = (url: string, given = {}, networks: readonly string[] = []) =>
    withTransport((transport) => transport.post({ ...call, url }), given, networks)

  it('calls none, however it is written, and names none', () =>
    withSink(async (sink) => {
      const { port } = new URL(sink.url)
      const hosts = [
        '127.0.0.1',
        '127.1',
        '2130706433',
        '0x7f.0.0.1',
        '[::1]',
        '[::ffff:127.0.0.1]',
        'localhost',
      ]
      for (const host of hosts) {
        const answer = await post(`http://${host}:${port}/`)
        expect(answer, host).to.include(refusal)
        expect((answer as TransportFailure).reason).not.to.match(/127|::1|localhost/)
      }
      expect(sink.requests.length).to.equal(0)
    }))

  it('calls none behind a name that leads there, and none of several where one is private', () =>
    withSink(async (sink) => {
      const url = sink.url.replace('127.0.0.1', 'nhan.example.vn')
      for (const addresses of [['127.0.0.1'], ['203.162.0.181', '127.0.0.1']])
        expect(await post(url, { resolve: async () => addresses.map(v4) })).to.include(refusal)
      expect(sink.requests.length).to.equal(0)
    }))

  it('checks a name again at each connection', () =>
    withSink(async (sink) => {
      const url = sink.url.replace('127.0.0.1', 'nhan.example.vn')
      const answers = ['127.0.0.1', '127.0.0.2']
      const resolve = async () => [v4(answers.shift() ?? '')]
      sink.answer(() => ({ status: 200, headers: { connection: 'close' } }))
      await withTransport(
        async (transport) => {
          expect(await transport.post({ ...call, url })).to.include({ status: 200 })
          expect(await transport.post({ ...call, url })).to.include(refusal)
        },
        { resolve },
        ['127.0.0.1/32'],
      )
    }))

  it('does not lend a connection to a body that may not use its address', () =>
    withSink(async (sink) => {
      const transport = createHttpTransport()
      try {
        expect(await transport.to(['127.0.0.0/8']).post({ ...call, url: sink.url })).to.include({
          status: 200,
        })
        expect(await transport.to([]).post({ ...call, url: sink.url })).to.include(refusal)
      } finally {
        await transport.close()
      }
    }))

  it('waits for a name only so long, and knows that nothing was sent', async () => {
    const resolve = () => new Promise<never>(() => undefined)
    expect(await post('http://nhan.example.vn/', { resolve, dnsTimeoutMs: 50 })).to.include({
      failure: 'unsent',
      code: 'eai_again',
    })
  })
})

const v4 = (address: string) => ({ address, family: 4 })

/** A server that answers every connection with some bytes and hangs up. */
async function withRawServer(answer: string, use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.end(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}
