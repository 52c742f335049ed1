import { expect } from 'chai'
import { createParty } from '../support/parties.ts'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { askToken, callJson, createHolder } from '../support/holders.ts'

const province = createParty({ code: 'H49' })
const department = createParty({ code: 'H49.05', parent: 'H49' })
const bank = createParty({ code: 'NHTM01', partyClass: 'company' })
const parties = [province, department, bank]

const admin = createHolder({ roles: ['admin'], person: 'Lê Thị Quản' })
const auditor = createHolder({ roles: ['auditor'], person: 'Phạm Văn Soát' })
const chief = createHolder({ roles: ['agency-admin'], person: 'Trần Văn Tỉnh', agency: 'H49' })
const holders = [admin, auditor, chief]

const path = '/admin/v1/credentials'
const systemKey = { kind: 'key', roles: ['agency'] }
const dayMs = 86_400_000

interface View {
  readonly id: string
  readonly agency: string | null
  readonly state: string
  readonly validTo: number
  readonly validFrom: number
  readonly lastUsedAt: number | null
  readonly locksAt: number
}
interface Issued {
  readonly credential: View
  readonly secret: string
}

function withPeople(use: (lent: LentGateway) => Promise<void>): Promise<void> {
  return withGateway(parties, { credentials: holders.map(({ row }) => row) }, use)
}

async function give(lent: LentGateway, by: string, wish: object): Promise<Issued> {
  const answer = await callJson(lent, by, ['POST', path], wish)
  expect(answer.status, answer.text).to.equal(201)
  return answer.json as unknown as Issued
}

const me = (lent: LentGateway, key: string) => lent.call(key, 'GET', '/v1/me')

describe('credentials', () => {
  it('are given with a secret that is shown once, works at once, and is nowhere in the store', () =>
    withPeople(async (lent) => {
      const { credential, secret } = await give(lent, admin.secret, {
        ...systemKey,
        agency: 'H49',
        label: 'một cửa',
      })
      expect(secret).to.match(/^lt_[0-9A-Za-z]{49}$/)
      const self = await me(lent, secret)
      expect(self.status, self.text).to.equal(200)
      expect(self.json).to.deep.include({
        id: credential.id,
        agency: 'H49',
        roles: ['agency'],
        method: 'key',
        state: 'active',
        label: 'một cửa',
      })
      const shown = await lent.call(admin.secret, 'GET', `${path}/${credential.id}`)
      expect(shown.text).not.to.contain(secret)
      expect(shown.text).not.to.match(/hash|proof/i)
      expect(JSON.stringify(await lent.store.listAudit({ limit: 10 }))).not.to.contain(secret)
      expect(JSON.stringify(lent.log)).not.to.contain(secret)
    }))

  const refused: readonly (readonly [string, string, object, number, string])[] = [
    ['a person’s without a name', admin.secret, { kind: 'key', roles: ['operator'] }, 400, 'person'],
    ['a system’s with a name', admin.secret, { ...systemKey, agency: 'H49', person: 'Ai' }, 400, 'person'],
    [
      'a person’s for more than a year',
      admin.secret,
      { kind: 'key', roles: ['operator'], person: 'Ai', days: 367 },
      400,
      'days',
    ],
    [
      'a system’s for more than five years',
      admin.secret,
      { ...systemKey, agency: 'H49', days: 1831 },
      400,
      'days',
    ],
    ['a body’s without a body', admin.secret, systemKey, 400, 'agency'],
    [
      'an operator’s with a body',
      admin.secret,
      { kind: 'key', roles: ['operator'], person: 'Ai', agency: 'H49' },
      400,
      'agency',
    ],
    ['one of an unknown body', admin.secret, { ...systemKey, agency: 'X99' }, 400, 'agency'],
    ['a person’s as OAuth', admin.secret, { kind: 'oauth', roles: ['operator'], person: 'Ai' }, 400, 'kind'],
    [
      'a key with a certificate',
      admin.secret,
      { ...systemKey, agency: 'H49', certificate: 'x' },
      400,
      'certificate',
    ],
    ['an unknown field', admin.secret, { ...systemKey, agency: 'H49', secret: 'mine' }, 400, ''],
    [
      'another body’s by a body’s administrator',
      chief.secret,
      { ...systemKey, agency: 'NHTM01' },
      403,
      'roles',
    ],
    [
      'an operator’s by a body’s administrator',
      chief.secret,
      { kind: 'key', roles: ['operator'], person: 'Ai' },
      403,
      'roles',
    ],
    ['any by an auditor', auditor.secret, { ...systemKey, agency: 'H49' }, 403, ''],
    ['any by a body’s system', province.apiKey, { ...systemKey, agency: 'H49' }, 403, ''],
  ]
  for (const [what, by, wish, status, field] of refused)
    it(`refuse ${what}`, () =>
      withPeople(async (lent) => {
        const answer = await callJson(lent, by, ['POST', path], wish)
        expect(answer.status, answer.text).to.equal(status)
        if (field !== '') expect(answer.json).to.include({ field })
      }))

  it('of its own body and those below it are for a body’s administrator; others are not there', () =>
    withPeople(async (lent) => {
      const below = await give(lent, chief.secret, { ...systemKey, agency: 'H49.05' })
      const foreign = await give(lent, admin.secret, { ...systemKey, agency: 'NHTM01' })
      const listed = await lent.call(chief.secret, 'GET', path)
      const { items } = listed.json as unknown as { items: View[] }
      expect(items.map(({ agency }) => agency))
        .to.include('H49.05')
        .and.not.to.include.oneOf(['NHTM01', null])
      const act = (key: string, [method, id, verb = '']: readonly string[], body?: object) =>
        callJson(lent, key, [method ?? '', `${path}/${id}${verb}`], body)
      for (const [method, verb = '', body] of [
        ['GET'],
        ['DELETE'],
        ['POST', '/rotate', {}],
        ['POST', '/unlock', {}],
      ] as const) {
        expect(
          (await act(chief.secret, [method, foreign.credential.id, verb], body)).status,
          method,
        ).to.equal(404)
        expect((await act(chief.secret, [method, admin.row.id, verb], body)).status, method).to.equal(404)
      }
      expect((await act(chief.secret, ['DELETE', below.credential.id])).json).to.include({ state: 'revoked' })
      expect((await act(auditor.secret, ['GET', foreign.credential.id])).status).to.equal(200)
      expect((await act(auditor.secret, ['DELETE', foreign.credential.id])).status).to.equal(403)
      const all = await lent.call(admin.secret, 'GET', `${path}?limit=2`)
      const page = all.json as unknown as { items: View[]; next: string }
      expect(page.items).to.have.lengthOf(2)
      const rest = await lent.call(admin.secret, 'GET', `${path}?after=${page.next}&limit=200`)
      expect((rest.json as unknown as { items: View[] }).items.map(({ id }) => id)).not.to.include(
        page.items[1]?.id,
      )
    }))

  it('that are revoked are refused within a second, and every act is in the audit with its reason', () =>
    withPeople(async (lent) => {
      const { credential, secret } = await give(lent, admin.secret, { ...systemKey, agency: 'H49' })
      expect((await me(lent, secret)).status).to.equal(200)
      await callJson(lent, admin.secret, ['POST', `${path}/${credential.id}/rotate`], { overlapHours: 1 })
      await lent.call(admin.secret, 'DELETE', `${path}/${credential.id}?reason=m%E1%BA%A5t%20m%C3%A1y`)
      lent.clock.pass(999)
      const after = await me(lent, secret)
      expect(after.status).to.equal(401)
      expect(after.json).to.include({ code: 'unauthenticated', reason: 'the credential was revoked' })
      expect((await lent.call(admin.secret, 'DELETE', `${path}/${credential.id}`)).status).to.equal(409)
      const entries = await lent.store.listAudit({ limit: 9, object: credential.id })
      expect(entries.map(({ act }) => act)).to.deep.equal([
        'credential.revoke',
        'credential.rotate',
        'credential.create',
      ])
      expect(entries[0]).to.deep.include({ person: 'Lê Thị Quản', body: 'H49', reason: 'mất máy' })
      expect(entries[0]?.before).to.include({ state: 'active', revokedAt: null })
      expect(entries[0]?.after).to.include({ state: 'revoked' })
    }))

  it('end when their time is over, and do not begin before it', () =>
    withPeople(async (lent) => {
      const soon = lent.clock.now() + 3_600_000
      const { credential, secret } = await give(lent, admin.secret, {
        ...systemKey,
        agency: 'H49',
        validFrom: soon,
        days: 1,
      })
      expect(credential.validTo).to.equal(soon + dayMs)
      expect((await me(lent, secret)).json).to.include({ reason: 'the credential is not valid yet' })
      lent.clock.pass(3_600_000)
      expect((await me(lent, secret)).status).to.equal(200)
      lent.clock.pass(dayMs)
      expect((await me(lent, secret)).json).to.include({ reason: 'the credential has expired' })
    }))

  it('lock after 6 months without use, say so, and are unlocked', () =>
    withPeople(async (lent) => {
      const wish = { ...systemKey, agency: 'H49', days: 1000 }
      const [unused, used] = [await give(lent, admin.secret, wish), await give(lent, admin.secret, wish)]
      lent.clock.pass(100 * dayMs)
      for (const { id, secret } of [
        { id: used.credential.id, secret: used.secret },
        { id: admin.row.id, secret: admin.secret },
      ]) {
        expect((await me(lent, secret)).status).to.equal(200)
        await eventually('the use is noted', async () => {
          const noted = (await lent.store.findCredential(id, 0))?.lastUsedAt ?? 0
          return noted > lent.clock.now() - dayMs
        })
      }
      lent.clock.pass(90 * dayMs)
      expect((await me(lent, used.secret)).status).to.equal(200)
      expect((await me(lent, unused.secret)).json)
        .to.deep.include({ code: 'unauthenticated' })
        .and.to.have.property('reason')
        .that.contains('locked')
      const one = `${path}/${unused.credential.id}`
      expect((await lent.call(admin.secret, 'GET', one)).json).to.include({ state: 'locked' })
      expect((await callJson(lent, admin.secret, ['POST', `${one}/rotate`], {})).status).to.equal(409)
      expect((await callJson(lent, admin.secret, ['POST', `${one}/unlock`], {})).json).to.include({
        state: 'active',
      })
      lent.clock.pass(1_000)
      expect((await me(lent, unused.secret)).status).to.equal(200)
      expect((await callJson(lent, admin.secret, ['POST', `${one}/unlock`], {})).status).to.equal(409)
    }))

  it('refuse a mistyped key by its sum, and too many failures with 429', () =>
    withPeople(async (lent) => {
      const mistyped = admin.secret.slice(0, -1) + (admin.secret.endsWith('0') ? '1' : '0')
      expect((await me(lent, mistyped)).json).to.include({ reason: 'the key is mistyped' })
      const answers = await Promise.all(Array.from({ length: 30 }, () => me(lent, mistyped)))
      const late = answers.find(({ status }) => status === 429)
      expect(Number(late?.headers.get('retry-after'))).to.be.at.least(1)
      expect((await me(lent, admin.secret)).status).to.equal(200)
    }))
})

describe('POST /oauth/token', () => {
  const wish = { kind: 'oauth', roles: ['agency'], agency: 'H49' }

  async function withClient(
    use: (lent: LentGateway, client: { id: string; secret: string }) => Promise<void>,
  ) {
    await withPeople(async (lent) => {
      const { credential, secret } = await give(lent, admin.secret, wish)
      await use(lent, { id: credential.id, secret })
    })
  }

  const basic = (id: string, secret: string) => ({
    authorization: `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`,
  })
  const grant = { grant_type: 'client_credentials' }
  const tokenOf = async (answer: Response) => {
    const said = (await answer.json()) as { access_token: string }
    return said.access_token
  }

  it('gives a token by client_secret_basic and client_secret_post, that says who calls', () =>
    withClient(async (lent, { id, secret }) => {
      const both = [
        await askToken(lent, grant, basic(id, secret)),
        await askToken(lent, { ...grant, client_id: id, client_secret: secret, scope: 'all' }),
      ]
      for (const answer of both) {
        expect(answer.status).to.equal(200)
        expect(answer.headers.get('cache-control')).to.equal('no-store')
        const said = (await answer.json()) as Record<string, string>
        expect(said).to.deep.include({ token_type: 'Bearer', expires_in: 900, scope: 'agency' })
        const self = await me(lent, said['access_token'] ?? '')
        expect(self.json).to.include({ id, agency: 'H49', method: 'token' })
      }
      expect((await me(lent, secret)).status, 'the secret is no key').to.equal(401)
    }))

  it('gives tokens that end after 15 minutes, with their client, and when a leaked secret is changed', () =>
    withClient(async (lent, { id, secret }) => {
      const fresh = async () => tokenOf(await askToken(lent, grant, basic(id, secret)))
      const first = await fresh()
      lent.clock.pass(900_000)
      expect((await me(lent, first)).json).to.include({ reason: 'the token is over' })
      const second = await fresh()
      const changed = await callJson(lent, admin.secret, ['POST', `${path}/${id}/rotate`], {
        overlapHours: 0,
      })
      lent.clock.pass(999)
      expect((await me(lent, second)).json).to.include({ reason: 'the token was withdrawn' })
      expect((await askToken(lent, grant, basic(id, secret))).status).to.equal(401)
      const { secret: next } = changed.json as unknown as Issued
      const third = await tokenOf(await askToken(lent, grant, basic(id, next)))
      expect((await me(lent, third)).status).to.equal(200)
      await lent.call(admin.secret, 'DELETE', `${path}/${id}`)
      lent.clock.pass(999)
      expect((await me(lent, third)).json).to.include({ reason: 'the credential was revoked' })
      expect((await askToken(lent, grant, basic(id, next))).status).to.equal(401)
    }))

  const cases: readonly (readonly [
    string,
    (id: string, secret: string) => readonly [string | Record<string, string>, object?],
    number,
    string,
  ])[] = [
    [
      'another grant',
      (id, secret) => [{ grant_type: 'password' }, basic(id, secret)],
      400,
      'unsupported_grant_type',
    ],
    ['no grant', (id, secret) => [{}, basic(id, secret)], 400, 'invalid_request'],
    [
      'a grant given twice',
      (id, secret) => ['grant_type=client_credentials&grant_type=client_credentials', basic(id, secret)],
      400,
      'invalid_request',
    ],
    ['no client', () => [grant], 401, 'invalid_client'],
    ['an unknown client', (_id, secret) => [grant, basic('nobody', secret)], 401, 'invalid_client'],
    ['a wrong secret', (id) => [grant, basic(id, 'wrong')], 401, 'invalid_client'],
    ['an empty secret', (id) => [grant, basic(id, '')], 401, 'invalid_client'],
    ['a bearer key', () => [grant, { authorization: `Bearer ${province.apiKey}` }], 401, 'invalid_client'],
    ['a key’s id and secret', () => [grant, basic(admin.row.id, admin.secret)], 401, 'invalid_client'],
    [
      'two ways at once',
      (id, secret) => [{ ...grant, client_secret: secret }, basic(id, secret)],
      400,
      'invalid_request',
    ],
    [
      'JSON',
      (id, secret) => ['{}', { ...basic(id, secret), 'content-type': 'application/json' }],
      400,
      'invalid_request',
    ],
  ]
  for (const [what, form, status, error] of cases)
    it(`refuses ${what} with ${error}`, () =>
      withClient(async (lent, { id, secret }) => {
        const answer = await askToken(lent, ...form(id, secret))
        const said = (await answer.json()) as Record<string, string>
        expect([answer.status, said['error']]).to.deep.equal([status, error])
        expect(said['error_description']).to.match(/^[\x20-\x7e]+$/)
        expect(answer.headers.get('www-authenticate')?.startsWith('Basic ') ?? false).to.equal(status === 401)
        expect(answer.headers.get('cache-control')).to.equal('no-store')
      }))

  it('tells an unknown client and a wrong secret by nothing', () =>
    withClient(async (lent, { id }) => {
      const texts = [
        await askToken(lent, grant, basic(id, 'wrong')),
        await askToken(lent, grant, basic('nobody', 'wrong')),
      ]
      const [wrong, unknown] = await Promise.all(texts.map((answer) => answer.text()))
      expect(wrong).to.equal(unknown)
    }))

  it('stops a client that fails too often, also with the right secret, and lets others in', () =>
    withClient(async (lent, { id, secret }) => {
      const other = await give(lent, admin.secret, wish)
      const failures = await Promise.all(
        Array.from({ length: 25 }, () => askToken(lent, grant, basic(id, 'wrong'))),
      )
      expect(failures.map(({ status }) => status)).to.include(429)
      const held = await askToken(lent, grant, basic(id, secret))
      expect(held.status).to.equal(429)
      expect(Number(held.headers.get('retry-after'))).to.be.at.least(1)
      expect((await askToken(lent, grant, basic(other.credential.id, other.secret))).status).to.equal(200)
      lent.clock.pass(10_000)
      expect((await askToken(lent, grant, basic(id, secret))).status).to.equal(200)
    }))

  it('refuses a token that was changed or is for another gateway', () =>
    withClient(async (lent, { id, secret }) => {
      const token = await tokenOf(await askToken(lent, grant, basic(id, secret)))
      const [head, , signature] = token.split('.')
      const claims = {
        iss: 'TRUC',
        aud: 'TRUC',
        sub: admin.row.id,
        client_id: id,
        jti: 'x',
        iat: 1,
        exp: 9e9,
      }
      const forged = `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`
      expect((await me(lent, forged)).status).to.equal(401)
    }))
})
