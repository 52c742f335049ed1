import { expect } from 'chai'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createProbe } from '../../../adapters/transport/probe.ts'
import { withMailServer } from '../../support/mail.ts'
import { longAgo, withTlsServer } from '../../support/tls.ts'

const local = ['127.0.0.0/8']

describe('a look at an address', () => {
  it('tells the end of the certificate and what HEAD is answered', () =>
    withTlsServer({}, async ({ port, ca }) => {
      const found = await createProbe({ authorities: [ca] })(`https://localhost:${port}/in`, [
        ...local,
        '::1/128',
      ])
      expect(found).to.include({ status: 200, code: null })
      expect(found.certificateValidTo).to.be.within(Date.now(), Date.now() + 86_400_000)
    }))

  it('says what is wrong with the TLS of the other side', async () => {
    await withTlsServer({ issuedAt: longAgo() }, async ({ port, ca }) => {
      const found = await createProbe({ authorities: [ca] })(`https://localhost:${port}/`, [
        ...local,
        '::1/128',
      ])
      expect(found).to.include({ status: null, code: 'cert_has_expired' })
    })
    await withTlsServer({}, async ({ port }) => {
      const found = await createProbe({ authorities: [] })(`https://localhost:${port}/`, [
        ...local,
        '::1/128',
      ])
      expect(found.code).to.match(/unable_to|self_signed/)
    })
  })

  it('greets a server of mail, and sends none', () =>
    withMailServer({ login: { user: 'u', pass: 'p' } }, async ({ port, ca, letters }) => {
      const look = (url: string, authorities: readonly string[], networks = [...local, '::1/128']) =>
        createProbe({ authorities })(url, networks)
      const fine = { status: null, certificateValidTo: null, code: null, reason: null }
      expect(await look(`smtp://localhost:${port}`, [ca])).to.deep.equal(fine)
      expect((await look(`smtp://localhost:${port}`, [])).code).to.match(/unable_to|self_signed/)
      expect((await look(`smtp://127.0.0.1:${port}`, [], [])).code).to.equal('address_refused')
      expect(letters.length).to.equal(0)
    }))

  it('sends no body, and goes nowhere that deliveries may not go', async () => {
    const seen: string[] = []
    const server = createServer((req, res) => {
      seen.push(req.method ?? '')
      res.writeHead(405).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    const probe = createProbe({ authorities: [] })
    expect(await probe(url, local)).to.include({ status: 405, certificateValidTo: null, code: null })
    expect(await probe(url, [])).to.include({ status: null, code: 'address_refused' })
    expect(seen).to.deep.equal(['HEAD'])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await probe(url, local)).to.include({ code: 'econnrefused' })
  })
})
