import { expect } from 'chai'
import { createServer, type AddressInfo } from 'node:net'
import { createTransport } from '../../../adapters/transport/ways.ts'
import { readLetter, withMailServer, type MailServer } from '../../support/mail.ts'
import { freePort } from '../../support/processes.ts'

const networks = ['127.0.0.0/8', '::1/128']
const call = {
  headers: {
    ...{ from: 'truc@example.vn', to: 'mot@example.vn, hai@example.vn', subject: 'Hồ sơ đã có kết quả' },
    ...{ 'message-id': '<d1@TRUC>', 'auto-submitted': 'auto-generated' },
  },
  body: Buffer.from('Kính gửi\n.\nông Thử'),
  ...{ timeoutMs: 5_000, maxAnswerBytes: 1_024 },
}

async function post(url: string, { ca = '', headers = {}, timeoutMs = 5_000, allowed = networks } = {}) {
  const transport = createTransport({ authorities: ca === '' ? [] : [ca] })
  try {
    return await transport
      .to(allowed)
      .post({ ...call, url, timeoutMs, headers: { ...call.headers, ...headers } })
  } finally {
    await transport.close()
  }
}

const here = ({ port }: MailServer) => `smtp://127.0.0.1:${port}`
const basic = (user: string, pass: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${pass}`).toString('base64')}`,
})

describe('the way out for mail', () => {
  it('sends headers and text to every address', () =>
    withMailServer({}, async (server) => {
      expect(await post(here(server))).to.deep.include({ status: 200, headers: { 'smtp-reply': '250' } })
      const [letter] = server.letters
      expect(letter).to.deep.include({ from: 'truc@example.vn', to: ['mot@example.vn', 'hai@example.vn'] })
      const { headers, text } = readLetter(letter!)
      expect(headers).to.deep.include.members([
        ['subject', 'Hồ sơ đã có kết quả'],
        ['message-id', '<d1@TRUC>'],
        ['auto-submitted', 'auto-generated'],
      ])
      expect(text.trim()).to.equal('Kính gửi\n.\nông Thử')
      expect(headers.map(([name]) => name)).not.to.include('x-mailer')
    }))

  it('asks for STARTTLS, but of the same machine, and knows the certificate by its authority', () =>
    withMailServer({}, async (server) => {
      const { port, ca, letters } = server
      expect(await post(`smtp://localhost:${port}`, { ca })).to.include({ status: 200 })
      expect(await post(here(server))).to.include({ status: 200 })
      expect(letters.map(({ isSecure }) => isSecure)).to.deep.equal([true, false])
      expect(await post(`smtp://localhost:${port}`)).to.include({ failure: 'configuration' })
      expect(letters.length).to.equal(2)
    }))

  it('sends nothing in the clear to a server without TLS', () =>
    withMailServer({ withoutTls: true }, async ({ port, letters }) => {
      const answer = await post(`smtp://localhost:${port}`, { headers: basic('u', 'p') })
      expect('status' in answer ? answer.status : answer.failure).to.be.oneOf([403, 'configuration'])
      expect(letters.length).to.equal(0)
    }))

  it('begins with TLS at smtps:', () =>
    withMailServer({ secure: true }, async ({ port, ca, letters }) => {
      expect(await post(`smtps://localhost:${port}`, { ca })).to.include({ status: 200 })
      expect(letters[0]?.isSecure).to.equal(true)
      expect(await post(`smtps://localhost:${port}`)).to.include({ failure: 'configuration' })
    }))

  it('logs in, and calls a wrong password one', () =>
    withMailServer({ login: { user: 'truc', pass: 'a:b' } }, async (server) => {
      expect(await post(here(server), { headers: basic('truc', 'a:b') })).to.include({ status: 200 })
      expect(server.letters[0]?.user).to.equal('truc')
      expect(await post(here(server), { headers: basic('truc', 'sai') })).to.deep.include({
        ...{ status: 401, headers: { 'smtp-reply': '535' } },
      })
      expect(await post(here(server)), 'nobody').to.include({ status: 401 })
    }))

  it('tells what is refused for good from what is refused for now, and names no address', () =>
    withMailServer({}, async (server) => {
      for (const [code, status] of [
        [550, 422],
        [450, 503],
        [421, 503],
      ] as const) {
        server.answer(() => code)
        const answer = await post(here(server))
        expect(answer, String(code)).to.include({ status })
        const body = 'body' in answer ? Buffer.from(answer.body).toString() : ''
        expect(body).to.contain('is not here').and.not.to.contain('@')
      }
    }))

  it('says how many addresses were refused where others were not', () =>
    withMailServer({}, async (server) => {
      server.answer((address) => (address.startsWith('mot') ? null : 550))
      const answer = await post(here(server))
      expect(answer).to.include({ status: 422 })
      expect('body' in answer && Buffer.from(answer.body).toString()).to.match(
        /^1 of 2 addresses refused: 550/,
      )
      expect(server.letters[0]?.to).to.deep.equal(['mot@example.vn'])
    }))

  it('goes to allowed addresses alone', () =>
    withMailServer({}, async (server) => {
      expect(await post(here(server), { allowed: [] })).to.include({
        failure: 'configuration',
        code: 'address_refused',
      })
      expect(await post(`smtp://localhost:${server.port}`, { allowed: [] })).to.include({
        failure: 'configuration',
      })
      expect(server.letters.length).to.equal(0)
    }))

  it('knows that nothing was sent where nobody listens', async () => {
    expect(await post(`smtp://127.0.0.1:${await freePort()}`)).to.include({
      failure: 'unsent',
      code: 'econnrefused',
    })
  })

  it('ends in time with a server that never speaks', async () => {
    const server = createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    try {
      expect(await post(`smtp://127.0.0.1:${port}`, { timeoutMs: 100 })).to.include({ failure: 'ambiguous' })
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('lets nothing into the headers of a mail', () =>
    withMailServer({}, async (server) => {
      const subject = 'a\r\nBcc: ba@example.vn\r\n\r\nxin chào'
      await post(here(server), { headers: { subject, 'x-so': '1\r\nBcc: ba@example.vn' } })
      const { headers } = readLetter(server.letters[0]!)
      expect(headers.map(([name]) => name)).not.to.include('bcc')
      expect(server.letters[0]?.to).to.have.lengthOf(2)
    }))
})
