import { expect } from 'chai'
import { createWithToken, type Grant } from '../../../adapters/agencies/bearer.ts'
import type { Transport, TransportAnswer, TransportFailure } from '../../../adapters/agencies/dialect.ts'

type Answer = TransportAnswer | TransportFailure
type Call = Parameters<Transport['post']>[0]

const answerOf = (status: number, body: unknown = ''): TransportAnswer => ({
  ...{ status, headers: {} },
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

const grant: Grant = {
  ...{ url: 'https://lgsp.example.vn/token', clientId: 'truc', secrets: ['mới', 'cũ'], headers: {} },
  ...{ credentialsAs: 'form', timeoutMs: 1_000 },
}

/** A token endpoint that answers by `how` and numbers its tokens, a clock, and calls that answer by `status`. */
function scene(how: (call: Call, at: number) => Answer | undefined = () => undefined) {
  const asked: Call[] = []
  let now = 0
  const withToken = createWithToken(() => now)
  const transport: Transport = {
    async post(call) {
      asked.push(call)
      await Promise.resolve()
      const given = { access_token: `thẻ-${asked.length}`.replace('ẻ', 'e'), expires_in: '600' }
      return how(call, asked.length) ?? answerOf(200, given)
    },
  }
  const tokens: string[] = []
  return {
    ...{ asked, tokens },
    pass: (ms: number) => (now += ms),
    async call(status: (token: string) => number = () => 200, more: Partial<Grant> = {}) {
      const called = await withToken({ ...grant, ...more }, transport, async (token) => {
        tokens.push(token)
        return answerOf(status(token))
      })
      return called.kind === 'called' ? called.answer : called.outcome
    },
  }
}

const textOf = (call: Call | undefined) => Buffer.from(call?.body ?? '').toString()

describe('calls with a token', () => {
  it('keep a token until shortly before it ends', async () => {
    const { call, asked, tokens, pass } = scene()
    await call()
    pass(500_000)
    await call()
    pass(50_000)
    await call()
    expect(asked).to.have.lengthOf(2)
    expect(tokens).to.deep.equal(['the-1', 'the-1', 'the-2'])
  })

  it('share one request for a token among those that need it at once', async () => {
    const { call, asked } = scene()
    await Promise.all([call(), call(), call()])
    expect(asked).to.have.lengthOf(1)
  })

  it('renew a token that is refused once, and then take the refusal for one', async () => {
    const { call, asked, tokens } = scene()
    expect(await call((token) => (token === 'the-1' ? 401 : 200))).to.include({ status: 200 })
    expect(tokens).to.deep.equal(['the-1', 'the-2'])
    expect(await call(() => 401)).to.include({ status: 401 })
    expect(asked).to.have.lengthOf(3)
  })

  it('try the secret of before while it is changed', async () => {
    const { call, asked } = scene((_call, at) => (at === 1 ? answerOf(401) : undefined))
    expect(await call()).to.include({ status: 200 })
    expect(asked.map((one) => new URLSearchParams(textOf(one)).get('client_secret'))).to.deep.equal([
      'mới',
      'cũ',
    ])
  })

  it('show id and secret as the server reads them', async () => {
    const { call, asked } = scene()
    await call(undefined, { credentialsAs: 'json', url: 'https://a/token' })
    await call(undefined, { credentialsAs: 'basic', url: 'https://b/token', secrets: ['a:b&c'] })
    expect(JSON.parse(textOf(asked[0]))).to.deep.equal({
      ...{ grant_type: 'client_credentials', client_id: 'truc', client_secret: 'mới' },
    })
    expect(textOf(asked[1])).to.equal('grant_type=client_credentials')
    const basic = asked[1]?.headers['authorization']?.replace('Basic ', '') ?? ''
    expect(Buffer.from(basic, 'base64').toString()).to.equal('truc:a%3Ab%26c')
  })

  it('blame a refused credential on the configuration, and wait for a server that is away', async () => {
    for (const status of [400, 401, 403, 404, 422])
      expect(await scene(() => answerOf(status)).call(), `${status}`).to.include({ kind: 'fault' })
    for (const body of ['', '{}', '<html>', { access_token: 'a\nb' }])
      expect(await scene(() => answerOf(200, body)).call()).to.include({ kind: 'fault' })
    for (const status of [429, 500, 503])
      expect(await scene(() => answerOf(status)).call(), `${status}`).to.include({ kind: 'retry' })
    const away = { failure: 'ambiguous', code: 'timeout', reason: 'no answer' } as const
    expect(await scene(() => away).call(), 'nothing of the message has gone').to.include({ kind: 'retry' })
    expect(await scene().call(undefined, { secrets: [] })).to.include({ kind: 'fault', code: 'no_secret' })
  })

  it('ask again after a request for a token has failed', async () => {
    const { call, tokens } = scene((_call, at) => (at === 1 ? answerOf(503) : undefined))
    expect(await call()).to.include({ kind: 'retry' })
    expect(await call()).to.include({ status: 200 })
    expect(tokens).to.deep.equal(['the-2'])
  })
})
