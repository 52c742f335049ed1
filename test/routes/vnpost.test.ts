import { expect } from 'chai'
import { eventually, withGateway, type LentGateway } from '../support/gateway.ts'
import { createParty, envelopeOf, type Party } from '../support/parties.ts'
import { admit, createPerson } from '../support/people.ts'
import { withSink, type Sink, type SinkRequest } from '../support/sink.ts'

const secret = 'bi-mat-thu-nghiem'
const code = 'H49.05-261121-0001'
const province = createParty({ code: 'H49', dialect: 'vnpost', options: { carrier: 'VNPOST' } })
const mailboxOf = (options = {}) => createParty({ code: 'VNPOST', dialect: 'native-json', ...options })

async function putSecret(
  lent: LentGateway,
  parties: readonly Party[],
  at: string,
  value: string,
): Promise<void> {
  const admin = createPerson('admin')
  await admit(lent, parties, [admin])
  const bytes = JSON.stringify({ value })
  const put = await lent.call(admin.apiKey, 'PUT', `/admin/v1/agencies/${at}`, {
    type: 'application/json',
    bytes,
  })
  expect(put.status, put.text).to.be.below(300)
}

async function items(lent: LentGateway, { apiKey }: Party): Promise<readonly { readonly action: string }[]> {
  const { json } = await lent.call(apiKey, 'GET', '/v1/messages?max=100')
  return json['items'] as unknown as { action: string }[]
}

/** A token by Basic, as the service's own library asks for one. */
async function login({ url }: LentGateway, given: string) {
  const answer = await fetch(`${url}/vnpost/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`khoa-h49:${given}`).toString('base64')}`,
      ...{
        ContentType: 'application/x-www-form-urlencoded',
        'content-type': 'application/x-www-form-urlencoded',
      },
    },
    body: 'grant_type=client_credentials',
  })
  return { status: answer.status, json: (await answer.json()) as Record<string, string> }
}

describe('the postal service over HTTP, for its clients', () => {
  it('goes the way of a real client: token, order, the same again, cancel, order again', () => {
    const post = mailboxOf()
    return withGateway([province, post], {}, async (lent) => {
      await putSecret(lent, [province, post], 'H49/secrets/account%3Avnpost%3Akhoa-h49', secret)
      expect((await login(lent, 'sai')).status).to.equal(401)
      const { json } = await login(lent, secret)
      const authorization = `${json['token_type']} ${json['access_token']}`
      const order = async (headers: Record<string, string>, OrderNumber = code) => {
        const body = JSON.stringify({
          CustomerCode: 'H49MC',
          OrderNumber,
          CODAmount: 0,
          ReceiverName: 'Lê Thị Thử',
        })
        const answer = await fetch(`${lent.url}/vnpost/order`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body,
        })
        return { status: answer.status, json: (await answer.json()) as Record<string, string> }
      }
      const cancel = () =>
        fetch(`${lent.url}/vnpost/cancel?CustomerCode=H49MC&OrderNumber=${code}`, {
          headers: { authorization },
        })
      expect(await order({ authorization })).to.deep.equal({
        status: 201,
        json: { Status: '100', Message: 'Thành công' },
      })
      expect(
        (await order({ access_token: json['access_token'] ?? '' })).status,
        'the same, in the newer form',
      ).to.equal(201)
      expect((await cancel()).status).to.equal(201)
      expect((await order({ authorization })).status, 'after its end it is new').to.equal(201)
      expect((await items(lent, post)).map(({ action }) => action)).to.deep.equal([
        ...['dossier.post-ordered', 'dossier.post-cancelled', 'dossier.post-ordered'],
      ])
      const refused = await order({ authorization }, '')
      expect([refused.status, refused.json['Status']]).to.deep.equal([400, '400'])
      expect((await order({ authorization: 'Bearer sai' })).status).to.equal(401)
    })
  })
})

describe('the postal service over HTTP, followed by its clients', () => {
  it('lists the steps of parcels after the last id, page by page, each once', () => {
    const post = mailboxOf()
    return withGateway([province, post], {}, async (lent) => {
      await putSecret(lent, [province, post], 'H49/secrets/account%3Avnpost%3Akhoa-h49', secret)
      const { access_token: token } = (await login(lent, secret)).json
      const tell = async (n: number) => {
        const payload = {
          MaHoSo: code,
          EventTime: '20261121093000',
          StatusCode: String(n),
          StatusMessage: `Bước ${n}`,
        }
        const bytes = await envelopeOf(post, 'dossier.post-tracked', payload, { recipients: ['H49'] })
        await lent.call(post.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
      }
      let lastId = ''
      const page = async () => {
        const answer = await fetch(
          `${lent.url}/vnpost/tracking?pagesize=2&lastId=${encodeURIComponent(lastId)}`,
          {
            headers: { authorization: `Bearer ${token}` },
          },
        )
        const { _embedded, _returned } = (await answer.json()) as {
          _embedded: { 'rh:doc': Listed[] }
          _returned: number
        }
        const rows = _embedded['rh:doc']
        expect([answer.status, _returned]).to.deep.equal([200, rows.length])
        lastId = rows.at(-1)?._id.$oid ?? lastId
        return rows
      }
      expect(await page()).to.deep.equal([])
      for (const n of [1, 2, 3]) await tell(n)
      const seen = [...(await page()), ...(await page()), ...(await page())]
      expect(seen.map(({ StatusCode }) => StatusCode)).to.deep.equal(['1', '2', '3'])
      expect(seen[0]).to.include({ OrderNumber: code, EventTime: 1_795_228_200_000, Notes: '' })
      await tell(4)
      expect((await page()).map(({ StatusCode }) => StatusCode)).to.deep.equal(['4'])
    })
  })
})

interface Listed {
  readonly _id: { readonly $oid: string }
  readonly StatusCode: string
}

const row = (n: number, more = {}) => ({
  ...{
    _id: { $oid: `65f0${String(n).padStart(4, '0')}` },
    CustomerCode: 'H49MC',
    OrderNumber: code,
    EventTime: 1_795_228_200_000 + n,
  },
  ...{ POSID: '200000', ItemCode: 'EL1VN', StatusCode: '91', StatusMessage: `Bước ${n}`, Notes: '', ...more },
})

/** The postal service itself: gives a token, takes orders, lists the steps after an id. */
function serve(sink: Sink, rows: readonly ReturnType<typeof row>[]): void {
  sink.answer(({ path }: SinkRequest) => {
    const { pathname, searchParams } = new URL(path, 'http://x')
    if (pathname === '/token')
      return { status: 200, body: '{"access_token":"the","token_type":"Bearer","expires_in":3600}' }
    if (pathname !== '/tracking') return { status: 201, body: '{"Status":"100"}' }
    const after = searchParams.get('lastId') ?? ''
    const page = rows.filter(({ _id }) => _id.$oid > after).slice(0, Number(searchParams.get('pagesize')))
    return {
      status: 200,
      body: JSON.stringify({
        _size: page.length,
        _total_pages: 1,
        _returned: page.length,
        _embedded: { 'rh:doc': page },
      }),
    }
  })
}

describe('the postal service over HTTP, as a server', () => {
  const owner = createParty({ code: 'H49', dialect: 'native-json' })
  const postAt = (origin: string) => {
    const at = (path: string) => `${origin}/${path}`
    const urls = {
      tokenUrl: at('token'),
      orderUrl: at('order'),
      cancelUrl: at('cancel'),
      trackingUrl: at('tracking'),
    }
    const options = { ...urls, key: 'khoa', customers: { H49: 'H49MC' }, trackEverySeconds: 30, pageSize: 10 }
    return mailboxOf({ dialect: 'vnpost', partyClass: 'company', options })
  }

  it('is sent the orders of a body', () =>
    withSink(async (sink) => {
      serve(sink, [])
      const post = postAt(new URL(sink.url).origin)
      await withGateway([owner, post], {}, async (lent) => {
        await putSecret(lent, [owner, post], 'VNPOST/secrets/vnpost', secret)
        const bytes = await envelopeOf(
          owner,
          'dossier.post-ordered',
          { MaHoSo: code, ReceiverName: 'Lê Thị Thử' },
          { recipients: ['VNPOST'] },
        )
        const sent = await lent.call(owner.apiKey, 'POST', '/v1/messages', { type: 'application/xml', bytes })
        expect(sent.status, sent.text).to.equal(202)
        const order = await eventually('the order', async () => {
          lent.clock.pass(1_000) // a first try may come before its secret
          return sink.requests.find(({ path }) => path === '/order')
        })
        expect(JSON.parse(order.body.toString())).to.include({ CustomerCode: 'H49MC', OrderNumber: code })
        expect(order.headers).to.include({ authorization: 'Bearer the' })
      })
    }))

  it('is asked for the steps of parcels, from the last one that was stored, and those of others are left out', () =>
    withSink(async (sink) => {
      const rows = Array.from({ length: 25 }, (_, n) => row(n, n === 3 ? { CustomerCode: 'KHAC' } : {}))
      serve(sink, rows)
      const post = postAt(new URL(sink.url).origin)
      await withGateway([owner, post], {}, async (lent) => {
        await putSecret(lent, [owner, post], 'VNPOST/secrets/vnpost', secret)
        const seen = await eventually('every step', async () => {
          lent.clock.pass(10_000)
          const list = await items(lent, owner)
          return list.length === 24 && list
        })
        expect(new Set(seen.map(({ action }) => action))).to.deep.equal(new Set(['dossier.post-tracked']))
        const asked = () =>
          sink.requests.flatMap(({ path }) =>
            path.startsWith('/tracking') ? [new URL(path, 'http://x').searchParams.get('lastId')] : [],
          )
        await eventually('the end of the list', async () => {
          lent.clock.pass(10_000)
          return asked().at(-1) === rows.at(-1)?._id.$oid
        })
        expect([...new Set(asked())]).to.deep.equal(['', ...[9, 19, 24].map((n) => rows[n]?._id.$oid)])
      })
    }))
})
