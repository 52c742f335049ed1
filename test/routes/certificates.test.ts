import { expect } from 'chai'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createParty, createTlsKey } from '../support/parties.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { askToken, callJson, createHolder } from '../support/holders.ts'
import { askTls, withTlsEnv, writeServerKey } from '../support/tls-door.ts'

const province = createParty({ code: 'H49' })
const bank = createParty({ code: 'NHTM01', partyClass: 'company' })
const parties = [province, bank]
const admin = createHolder({ roles: ['admin'], person: 'Lê Thị Quản' })
const ours = createTlsKey('H49', 'state')
const theirs = createTlsKey('NHTM01', 'company')
const path = '/admin/v1/credentials'

type Env = Readonly<Record<string, string>>

function withPeople(env: Env, use: (lent: LentGateway) => Promise<void>): Promise<void> {
  return withGateway(parties, { env, credentials: [admin.row] }, use)
}

async function register(lent: LentGateway, agency: string, certificate: string): Promise<string> {
  const wish = { kind: 'certificate', roles: ['agency'], agency, certificate }
  const answer = await callJson(lent, admin.secret, ['POST', path], wish)
  expect(answer.status, answer.text).to.equal(201)
  return (answer.json as unknown as { credential: { id: string } }).credential.id
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

describe('client certificates in TLS', () => {
  const withTls = (use: (lent: LentGateway, dir: string) => Promise<void>) =>
    withTlsEnv((env, dir) =>
      withPeople(env, async (lent) => {
        await register(lent, 'H49', ours.certificate.pem)
        await register(lent, 'NHTM01', theirs.certificate.pem)
        await use(lent, dir)
      }),
    )

  it('say who calls, alone or beside a key of the same body', () =>
    withTls(async ({ tlsPort: port }) => {
      const me = { port, path: '/v1/me' }
      expect((await askTls({ ...me, as: ours })).json).to.include({ agency: 'H49', method: 'certificate' })
      expect((await askTls({ ...me, as: ours, headers: bearer(province.apiKey) })).json).to.include({
        agency: 'H49',
        method: 'key',
      })
      expect((await askTls({ ...me, headers: bearer(province.apiKey) })).status).to.equal(200)
      expect((await askTls(me)).status).to.equal(401)
    }))

  it('of another body beside a key are refused', () =>
    withTls(async ({ tlsPort: port }) => {
      const answer = await askTls({ port, path: '/v1/me', as: theirs, headers: bearer(province.apiKey) })
      expect(answer.status).to.equal(401)
      expect(answer.json).to.include({ reason: 'the client certificate is that of another body' })
    }))

  it('that are not registered are refused, a registered signing certificate too, also beside a good key', () =>
    withTls(async ({ tlsPort: port }) => {
      const signing = {
        certificate: province.signing.certificate,
        key: province.signing.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
      }
      for (const as of [createTlsKey('H49', 'state'), signing]) {
        expect((await askTls({ port, path: '/v1/me', as })).status).to.equal(401)
        const beside = await askTls({ port, path: '/v1/me', as, headers: bearer(province.apiKey) })
        expect(beside.status).to.equal(401)
      }
    }))

  it('bind the tokens that are fetched with them', () =>
    withTls(async (lent) => {
      const { tlsPort: port } = lent
      const wish = { kind: 'oauth', roles: ['agency'], agency: 'H49' }
      const { json } = await callJson(lent, admin.secret, ['POST', path], wish)
      const { credential, secret } = json as unknown as { credential: { id: string }; secret: string }
      const form = { grant_type: 'client_credentials', client_id: credential.id, client_secret: secret }
      const fetchToken = (as: typeof ours) =>
        askTls({
          ...{ port, path: '/oauth/token', method: 'POST', as, body: new URLSearchParams(form).toString() },
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      const foreign = await fetchToken(theirs)
      expect([foreign.status, foreign.json['error']]).to.deep.equal([401, 'invalid_client'])
      const headers = bearer(String((await fetchToken(ours)).json['access_token']))
      const me = { port, path: '/v1/me', headers }
      expect((await askTls({ ...me, as: ours })).json).to.include({ method: 'token', id: credential.id })
      expect((await askTls({ ...me, as: theirs })).status).to.equal(401)
      expect((await askTls(me)).json).to.include({
        reason: 'the token is bound to another client certificate',
      })
      expect((await lent.call(headers.authorization.slice(7), 'GET', '/v1/me')).status).to.equal(401)
      const unbound = (await (await askToken(lent, form)).json()) as { access_token: string }
      const beside = { ...me, headers: bearer(unbound.access_token) }
      expect((await askTls({ ...beside, as: theirs })).json).to.include({
        reason: 'the client certificate is that of another body',
      })
      expect((await askTls({ ...beside, as: ours })).status).to.equal(200)
    }))

  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const)
    it(`are asked anew of a resumed session: ${maxVersion}`, () =>
      withTls(async (lent) => {
        const ask = { port: lent.tlsPort, path: '/v1/me', as: ours, maxVersion }
        const first = await askTls(ask)
        expect(first.status).to.equal(200)
        const again = await askTls({ ...ask, session: first.session })
        expect([again.reused, again.json['method']]).to.deep.equal([true, 'certificate'])
        const { items } = (await lent.call(admin.secret, 'GET', path)).json as unknown as {
          items: readonly { id: string; fingerprint: string | null }[]
        }
        const id = items.find(({ fingerprint }) => fingerprint === ours.certificate.fingerprint)?.id ?? ''
        await lent.call(admin.secret, 'DELETE', `${path}/${id}`)
        lent.clock.pass(999)
        const late = await askTls({ ...ask, session: again.session ?? first.session })
        expect([late.reused, late.status]).to.deep.equal([true, 401])
      }))

  it('are refused when their authority is no longer trusted, and TLS below 1.2 is', () =>
    withTls(async (lent) => {
      const ask = { port: lent.tlsPort, path: '/v1/me' }
      const registry = await lent.store.loadRegistry()
      await lent.store.changeRegistry({ version: registry.version, patch: { trustRoots: [] }, audit: [] })
      await eventually('untrusted', async () => (await askTls({ ...ask, as: ours })).status === 403)
      const old = await askTls({ ...ask, maxVersion: 'TLSv1.1' }).catch((error: unknown) => error)
      expect(old).to.be.instanceOf(Error)
    }))

  it('meet a new certificate of the server when its files change, and the old one while they do not fit', () =>
    withTls(async ({ tlsPort: port, log }, dir) => {
      const shown = async () => (await askTls({ port, path: '/health/live' })).server
      const first = await shown()
      const next = createTlsKey('gateway', 'state')
      writeFileSync(join(dir, 'tls.crt'), next.certificate.pem)
      await eventually('left', () => Promise.resolve(log.some(({ event }) => event === 'tls.not_reloaded')))
      expect(await shown()).to.equal(first)
      writeServerKey(dir, next)
      await eventually(
        'taken',
        async () => (await shown()).replaceAll(':', '').toLowerCase() === next.certificate.fingerprint,
      )
    }))

  it('are changed with an overlap, and registered for one body of the right class alone', () =>
    withTls(async (lent) => {
      const next = createTlsKey('H49', 'state')
      const give = (wish: object) =>
        callJson(lent, admin.secret, ['POST', path], { kind: 'certificate', roles: ['agency'], ...wish })
      expect((await give({ agency: 'H49', certificate: ours.certificate.pem })).status).to.equal(409)
      expect(
        (await give({ agency: 'H49', certificate: createTlsKey('x', 'company').certificate.pem })).status,
      ).to.equal(403)
      expect(
        (await give({ agency: 'H49', certificate: createTlsKey('x', 'state', 'encrypt').certificate.pem }))
          .status,
      ).to.equal(403)
      expect((await give({ agency: 'H49' })).status).to.equal(400)
      const id = await register(lent, 'H49', next.certificate.pem)
      const last = createTlsKey('H49', 'state')
      const rotate = (certificate?: string) =>
        callJson(lent, admin.secret, ['POST', `${path}/${id}/rotate`], { overlapHours: 1, certificate })
      expect((await rotate()).status).to.equal(400)
      expect((await rotate(last.certificate.pem)).status).to.equal(200)
      const status = async (as: typeof next) =>
        (await askTls({ port: lent.tlsPort, path: '/v1/me', as })).status
      expect([await status(next), await status(last)]).to.deep.equal([200, 200])
      lent.clock.pass(3_600_000)
      expect([await status(next), await status(last)]).to.deep.equal([401, 200])
    }))
})

describe('client certificates in a header', () => {
  const base64 = ours.certificate.der.toString('base64')
  const escaped = encodeURIComponent(ours.certificate.pem)
  const forms: readonly (readonly [string, string])[] = [
    ['client-cert', `:${base64}:`],
    ['x-ssl-client-cert', escaped],
    ['x-ssl-client-cert', base64],
    ['x-forwarded-client-cert', `Hash=ab;Cert="${escaped}";Subject="CN=H49"`],
  ]
  const me = ({ url }: LentGateway, headers: Record<string, string>) => fetch(`${url}/v1/me`, { headers })

  for (const [name, value] of forms)
    it(`are read from a trusted proxy: ${name}, ${value.slice(0, 12)}…`, () =>
      withPeople({ TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.0/8', CLIENT_CERT_HEADER: name }, async (lent) => {
        await register(lent, 'H49', ours.certificate.pem)
        const answer = await me(lent, { [name]: value })
        expect(await answer.json()).to.include({ agency: 'H49', method: 'certificate' })
        expect((await me(lent, { [name]: value, ...bearer(bank.apiKey) })).status).to.equal(401)
        expect((await me(lent, bearer(province.apiKey))).status).to.equal(200)
        expect((await me(lent, { [name]: '%zz' })).status).to.equal(400)
        const [other = ''] = forms.map(([each]) => each).filter((each) => each !== name)
        expect(
          (await me(lent, { [other]: value, ...bearer(province.apiKey) })).status,
          'another header',
        ).to.equal(403)
      }))

  it('are refused from anybody else, whatever key comes with them, at the token endpoint too', () =>
    withPeople({ TRUSTED_PROXIES: '10.0.0.0/8' }, async (lent) => {
      await register(lent, 'H49', ours.certificate.pem)
      for (const [name, value] of forms) {
        expect((await me(lent, { [name]: value })).status).to.equal(403)
        const beside = await me(lent, { [name]: value, ...bearer(province.apiKey) })
        expect(await beside.json()).to.include({ code: 'forbidden', field: name })
        const form = { grant_type: 'client_credentials', client_id: 'x', client_secret: 'y' }
        expect((await askToken(lent, form, { [name]: value })).status).to.equal(403)
      }
    }))
})
