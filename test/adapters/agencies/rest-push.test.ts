import { expect } from 'chai'
import { Webhook } from 'standardwebhooks'
import type { Transport } from '../../../adapters/agencies/dialect.ts'
import { restPush } from '../../../adapters/agencies/rest-push/index.ts'
import type { Agency } from '../../../schemas/agency.ts'
import { messageOf } from '../../contracts/dialect.ts'

const url = 'https://nhan.example.vn/webhook'
const secrets = ['b', 'a'].map((letter) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}`)
const message = messageOf('status.updated')

const agencyWith = (options: Agency['options']): Agency => ({
  ...{ code: 'H49', name: 'Tỉnh', partyClass: 'state', status: 'live', dialect: 'rest-push' },
  options,
})

async function send(options: Agency['options'], given: readonly string[] = secrets, sealed = '<x/>') {
  const calls: Parameters<Transport['post']>[0][] = []
  const transport: Transport = {
    post: async (call) => {
      calls.push(call)
      return { status: 204, headers: {}, body: new Uint8Array(0) }
    },
  }
  const agency = agencyWith(options)
  const encoded = restPush.encode(message, agency)
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  const parcel = {
    message,
    deliveryId: 'delivery-1',
    encoded: encoded.seal === 'axis' ? { ...encoded, body: Buffer.from(sealed) } : encoded,
  }
  const keys = { secrets: (name: string) => (name === 'webhook' ? given : []), privateKey: () => undefined }
  return { outcome: await restPush.send(parcel, agency, transport, keys), calls }
}

describe('rest-push', () => {
  it('posts the message as JSON, signed under every secret that holds, with the id of the delivery', async () => {
    const { outcome, calls } = await send({ url })
    expect(outcome).to.deep.equal({ kind: 'delivered' })
    const [{ headers, body }] = calls as [(typeof calls)[number]]
    expect(headers).to.include({
      'webhook-id': 'delivery-1',
      'content-type': 'application/json; charset=utf-8',
    })
    for (const secret of secrets)
      expect(new Webhook(secret).verify(Buffer.from(body).toString(), { ...headers })).to.deep.equal(message)
    expect(headers['webhook-signature']?.split(' ').length).to.equal(2)
  })

  it('posts the sealed envelope with the same headers', async () => {
    const { calls } = await send({ url, format: 'sealed' })
    const [{ headers, body }] = calls as [(typeof calls)[number]]
    expect(headers['content-type']).to.equal('application/xml; charset=utf-8')
    expect(Buffer.from(body).toString()).to.equal('<x/>')
    expect(headers['webhook-signature']).to.match(/^v1,\S{44} v1,\S{44}$/)
  })

  it('sends nothing that it cannot sign, and blames the configuration', async () => {
    for (const given of [[], ['not a secret']]) {
      const { outcome, calls } = await send({ url }, given)
      expect(outcome).to.include({ kind: 'fault', code: 'no_secret' })
      expect(calls.length).to.equal(0)
    }
  })

  it('carries JSON over TLS alone, but for the same machine', () => {
    const accepts = (options: unknown) => restPush.options.safeParse(options).success
    expect(accepts({ url: 'http://nhan.example.vn/' })).to.equal(false)
    expect(accepts({ url: 'http://10.0.0.5/' })).to.equal(false)
    expect(accepts({ url: 'http://127.0.0.1.example.vn/' })).to.equal(false)
    expect(accepts({ url: 'http://10.0.0.5/', format: 'sealed' })).to.equal(true)
    expect(accepts({ url: 'http://127.0.0.1:8090/' })).to.equal(true)
    expect(accepts({ url: 'ftp://nhan.example.vn/' })).to.equal(false)
  })
})
