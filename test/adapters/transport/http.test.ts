import { expect } from 'chai'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generateKeyPairSync } from 'node:crypto'
import { createHttpTransport } from '../../../adapters/transport/http.ts'
import { createAuthority, issueCertificate } from '../../../signing/issue.ts'
import { freePort } from '../../support/processes.ts'
import { withSink } from '../../support/sink.ts'

const call = {
  headers: { 'content-type': 'text/plain' },
  body: Buffer.from('xin chào'),
  timeoutMs: 2_000,
  maxAnswerBytes: 1_000,
}

async function withTransport(
  use: (transport: ReturnType<typeof createHttpTransport>) => Promise<void>,
): Promise<void> {
  const transport = createHttpTransport()
  try {
    await use(transport)
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

  it("calls an untrusted certificate a fault of the other side's configuration", () =>
    withTransport(async (transport) => {
      const authority = createAuthority({
        name: 'CA',
        organization: 'Sandbox',
        now: Date.now() - 1000,
        years: 1,
      })
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const { pem } = issueCertificate(authority, {
        name: 'localhost',
        organization: 'Sandbox',
        publicKey,
        now: Date.now() - 1000,
        days: 1,
        use: 'tls',
      })
      const server = createServer(
        { cert: pem, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) },
        (_req, res) => res.end(),
      )
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      try {
        expect(await transport.post({ ...call, url: `https://127.0.0.1:${port}/` })).to.include({
          failure: 'configuration',
        })
      } finally {
        await new Promise((resolve) => server.close(resolve))
      }
    }))
})
