import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { createClient, createJsonClient, createObserver } from '../../client/index.ts'
import { issueCertificate } from '../../signing/issue.ts'
import {
  authority,
  optionsFor,
  strangerOptions,
  strangers,
  withServer,
  type Asked,
  type Told,
} from './stand-in.ts'

const clientCredentials = { id: 'H49-hệ thống', secret: 'bí mật: 1' }
const changes = { status: 200, json: { changes: [], next: 0 } }

const observer = (url: string) => createObserver({ ...strangerOptions(url), clientCredentials })

/** A token endpoint that numbers its tokens, beside a door that answers as `door` says. */
const tokens =
  (lifeSeconds: number, door: (asked: Asked) => Told) =>
  (asked: Asked, round: number): Told =>
    asked.path === '/oauth/token'
      ? { status: 200, json: { access_token: `t${round}`, token_type: 'Bearer', expires_in: lifeSeconds } }
      : door(asked)

describe('client: proof by OAuth2 client credentials', () => {
  it('asks for a token with its credentials, once for many calls, also at the same time', async () => {
    await withServer(
      tokens(600, () => changes),
      async (url, asked) => {
        const reader = observer(url)
        await Promise.all([reader.catalogChanges('1'), reader.catalogChanges('2')])
        await reader.catalogChanges('3')
        const [first, ...rest] = asked as [Asked, ...Asked[]]
        expect(first).to.include({ method: 'POST', path: '/oauth/token' })
        expect(String(first.body)).to.equal('grant_type=client_credentials')
        const pair = Buffer.from(first.authorization.replace('Basic ', ''), 'base64').toString()
        expect(pair.split(':').map(decodeURIComponent)).to.deep.equal(Object.values(clientCredentials))
        expect(rest.map(({ authorization }) => authorization)).to.deep.equal(Array(3).fill('Bearer t1'))
      },
    )
  })

  it('asks for the next one before the old one ends', async () => {
    await withServer(
      tokens(5, () => changes), // within the 5 s before its end from the start
      async (url, asked) => {
        const reader = observer(url)
        await reader.catalogChanges('1')
        await reader.catalogChanges('2')
        expect(asked.map(({ authorization }) => authorization.slice(0, 9))).to.deep.equal([
          ...['Basic SDQ', 'Bearer t1'],
          ...['Basic SDQ', 'Bearer t3'],
        ])
      },
    )
  })

  it('takes a new token once when one is refused, and then believes it', async () => {
    const refused = { status: 401, json: null }
    await withServer(
      tokens(600, ({ authorization }) => (authorization === 'Bearer t1' ? refused : changes)),
      async (url) => {
        expect(await observer(url).catalogChanges('1')).to.deep.equal(changes.json)
      },
    )
    await withServer(
      tokens(600, () => refused),
      async (url, asked) => {
        const said = await observer(url)
          .catalogChanges('1')
          .catch((error: unknown) => error)
        expect(said).to.be.instanceOf(Error)
        expect(asked.map(({ path }) => path.slice(0, 6))).to.deep.equal([
          '/oauth',
          '/v1/ca',
          '/oauth',
          '/v1/ca',
        ])
      },
    )
  })

  it('rejects with unauthenticated, at once, when the credentials are wrong', async () => {
    await withServer(
      () => ({ status: 401, json: { error: 'invalid_client' } }),
      async (url, asked) => {
        const said = await observer(url)
          .catalogChanges('1')
          .catch((error: unknown) => error)
        expect(said).to.include({ code: 'unauthenticated', reason: 'invalid_client' })
        expect(asked).to.have.length(1)
      },
    )
  })
})

describe('client: proof by a client certificate', () => {
  const tlsKey = (name: string, by = authority) => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
    const request = { name, organization: 'Thu', publicKey, now: Date.now(), days: 1, use: 'tls' } as const
    return {
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      cert: issueCertificate(by, request).pem,
    }
  }
  const ca = authority.certificate.pem
  const server = { ...tlsKey('truc.example.vn'), ca, requestCert: true, rejectUnauthorized: true }

  it('opens the line with its key; another key gets none', async () => {
    await withServer(
      () => changes,
      async (url, asked) => {
        const by = (key: ReturnType<typeof tlsKey>) =>
          createClient({ ...strangerOptions(url), tls: { ...key, ca, serverName: 'truc.example.vn' } })
        expect(await by(tlsKey('H49')).catalogChanges('1')).to.deep.equal(changes.json)
        expect(asked[0]?.headers).not.to.have.property('authorization')
        const said = await by(tlsKey('H49', strangers))
          .catalogChanges('1')
          .catch((error: unknown) => error)
        expect(said).to.have.property('code', 'unavailable')
        expect(asked).to.have.length(1)
      },
      server,
    )
  })
})

describe('client: JSON without keys', () => {
  it('sends the payload as it is, with the reference as Idempotency-Key', async () => {
    const receipt = { receipt: { id: 'r1' }, jws: 'a.b.c' }
    await withServer(
      () => ({ status: 202, json: { id: 'm1', state: 'accepted', receipt } }),
      async (url, asked) => {
        const client = createJsonClient(optionsFor(url))
        const payload = { data: [{ MaHoSo: 'H49.05-261121-0001', TrangThai: '2' }] }
        const letter = { action: 'status.updated', senderRef: 'so-1', recipients: ['G22'] } as const
        expect(await client.send(letter, payload)).to.include({ kind: 'accepted', id: 'm1' })
        await client.send('status.updated', payload)
        const [first, second] = asked as [Asked, Asked]
        expect(first.headers).to.include({ 'idempotency-key': '"so-1"', 'content-type': 'application/json' })
        const said: unknown = JSON.parse(String(first.body))
        expect(said).to.deep.equal({ action: 'status.updated', recipients: ['G22'], payload })
        expect(second.headers['idempotency-key']).to.match(/^"[0-9a-f-]{36}"$/)
      },
    )
  })

  it('pages through messages and refusals', async () => {
    await withServer(
      () => ({ status: 200, json: { items: [], next: null } }),
      async (url, asked) => {
        const client = createJsonClient(optionsFor(url))
        await client.messages({ subjectKey: 'H49.05-261121-0001', family: 'status', max: 5 })
        await client.refusals()
        expect(asked.map(({ path }) => path)).to.deep.equal([
          '/v1/messages?subjectKey=H49.05-261121-0001&family=status&max=5',
          '/v1/refusals',
        ])
      },
    )
  })
})
