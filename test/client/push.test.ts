import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError, verifyPush } from '../../client/index.ts'
import { signWebhook } from '../../signing/webhook.ts'

const key = randomBytes(32)
const secret = `whsec_${key.toString('base64')}`
const now = 1_790_000_000_000
const at = String(now / 1000)
const content = { action: 'status.updated', payload: { data: [{ MaHoSo: 'H49-1' }] } }
const body = JSON.stringify(content)
const sign = (text: string, by: Uint8Array = key) =>
  `v1,${createHmac('sha256', by).update(text).digest('base64')}`
const push = (headers: Readonly<Record<string, string>> = {}, text = body) => ({
  headers: {
    'Webhook-Id': 'd1',
    'webhook-timestamp': at,
    'webhook-signature': sign(`d1.${at}.${body}`),
    ...headers,
  },
  body: text,
})
const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'none'
  } catch (error) {
    return error instanceof GatewayError ? `${error.code} ${error.field ?? ''}`.trim() : String(error)
  }
}
const check = { secrets: [secret], now }

describe('client: pushes', () => {
  it('reads a push whose signature is right', () => {
    expect(verifyPush(push(), check)).to.deep.equal({ id: 'd1', at: now, content })
  })

  it('agrees with the example of the Standard Webhooks specification', () => {
    const example = {
      headers: {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
      body: '{"test": 2432232314}',
    }
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']
    expect(verifyPush(example, { secrets, now: 1_614_265_330_000 }).content).to.deep.equal({
      test: 2432232314,
    })
  })

  it('takes either secret while one replaces the other, and one right signature among several', () => {
    const old = `whsec_${randomBytes(32).toString('base64')}`
    expect(verifyPush(push(), { ...check, secrets: [old, secret] }).id).to.equal('d1')
    const both = `v1a,abc ${sign('x')} ${sign(`d1.${at}.${body}`)}`
    expect(verifyPush(push({ 'webhook-signature': both }), check).id).to.equal('d1')
  })

  it('reads a push that the gateway signed with an Ed25519 key, by its public key alone', () => {
    const pair = generateKeyPairSync('ed25519')
    const seed = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).subarray(-32).toString('base64')
    const known = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')
    const timestamp = now / 1000
    const webhook = { id: 'd1', timestamp, body: Buffer.from(body) }
    const signature = signWebhook(webhook, [secret, `whsk_${seed}`])
    const arrived = push({ 'webhook-signature': signature.split(' ')[1] ?? '' })
    expect(verifyPush(push({ 'webhook-signature': signature }), check).id, 'beside an HMAC').to.equal('d1')
    expect(verifyPush(arrived, { now, secrets: [`whpk_${known}`] }).content).to.deep.equal(content)
    const other = `whpk_${randomBytes(32).toString('base64')}`
    for (const secrets of [[secret], [other], [`whsk_${seed}`], ['whpk_AAAA']])
      expect(codeOf(() => verifyPush(arrived, { now, secrets }))).to.equal('bad_signature webhook-signature')
    const changed = { ...arrived, body: body.replace('H49', 'H50') }
    expect(codeOf(() => verifyPush(changed, { now, secrets: [`whpk_${known}`] }))).to.match(/^bad_signature/)
  })

  it('refuses another body, id, time, secret, or none at all', () => {
    const later = String(now / 1000 + 1)
    const cases = {
      body: () => verifyPush(push({}, body.replace('H49', 'H50')), check),
      id: () => verifyPush(push({ 'Webhook-Id': 'd2' }), check),
      time: () => verifyPush(push({ 'webhook-timestamp': later }), check),
      secret: () =>
        verifyPush(push(), { ...check, secrets: [`whsec_${randomBytes(32).toString('base64')}`] }),
      none: () => verifyPush(push(), { ...check, secrets: [] }),
      empty: () =>
        verifyPush(push({ 'webhook-signature': sign(`d1.${at}.${body}`, Buffer.alloc(0)) }), {
          ...check,
          secrets: ['whsec_'],
        }),
    }
    for (const [name, work] of Object.entries(cases))
      expect(codeOf(work), name).to.equal('bad_signature webhook-signature')
  })

  it('refuses what is too old, of the future, or without its headers', () => {
    expect(codeOf(() => verifyPush(push(), { ...check, now: now + 301_000 }))).to.equal(
      'bad_signature webhook-timestamp',
    )
    expect(codeOf(() => verifyPush(push(), { ...check, now: now - 301_000 }))).to.equal(
      'bad_signature webhook-timestamp',
    )
    expect(codeOf(() => verifyPush({ headers: {}, body }, check))).to.equal('bad_signature webhook-id')
  })

  it('never throws anything but its own error, whatever arrives', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.string(), (headers, text) => {
        expect(codeOf(() => verifyPush({ headers, body: text }, check))).to.match(/^bad_signature/)
      }),
    )
  })
})
