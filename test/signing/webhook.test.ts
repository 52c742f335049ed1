import { expect } from 'chai'
import fc from 'fast-check'
import { createPublicKey, createPrivateKey, verify } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { isWebhookSecret, signWebhook } from '../../signing/webhook.ts'

const secret = (bytes: Uint8Array) => `whsec_${Buffer.from(bytes).toString('base64')}`

describe('webhook signatures', () => {
  it("are those of the specification's example", () => {
    const webhook = {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestamp: 1_614_265_330,
      body: Buffer.from('{"test": 2432232314}'),
    }
    expect(signWebhook(webhook, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).to.equal(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    )
  })

  it('verify with the library of the specification under each of the secrets, and under no other', () => {
    const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 })
    fc.assert(
      fc.property(bytes, bytes, fc.json(), (one, two, body) => {
        const timestamp = Math.floor(Date.now() / 1000)
        const signature = signWebhook({ id: 'd-1', timestamp, body: Buffer.from(body) }, [
          secret(one),
          secret(two),
        ])
        const headers = {
          'webhook-id': 'd-1',
          'webhook-timestamp': String(timestamp),
          'webhook-signature': signature,
        }
        for (const key of [one, two])
          expect(new Webhook(secret(key)).verify(body, headers)).to.deep.equal(JSON.parse(body))
        const stranger = new Webhook(secret(new Uint8Array(32).fill(9)))
        expect(() => stranger.verify(body, headers)).to.throw()
        expect(() => new Webhook(secret(one)).verify(`${body} `, headers)).to.throw()
        expect(() => new Webhook(secret(one)).verify(body, { ...headers, 'webhook-id': 'd-2' })).to.throw()
      }),
      { numRuns: 30 },
    )
  })

  it('by Ed25519 verify with the public key, whether or not it follows the private one', () => {
    // RFC 8032 §7.1, test 1
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex')
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
    const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
    const half = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)
    expect(half.toString('hex')).to.equal('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
    for (const key of [seed, Buffer.concat([seed, half])]) {
      const text = `whsk_${key.toString('base64')}`
      const signature = signWebhook({ id: 'd-1', timestamp: 17, body: Buffer.from('{}') }, [text])
      const [kind, value = ''] = signature.split(',')
      expect(kind).to.equal('v1a')
      expect(verify(null, Buffer.from('d-1.17.{}'), publicKey, Buffer.from(value, 'base64'))).to.equal(true)
    }
  })

  it('come from no secret that is too short, too long or none', () => {
    const wrong = [
      ...['', 'whsec_', 'secret', 'whsec_MfKQ', secret(new Uint8Array(23)), secret(new Uint8Array(65))],
      ...[
        `whsk_${'A'.repeat(40)}`,
        `whpk_${Buffer.alloc(32).toString('base64')}`,
        ` ${secret(new Uint8Array(32))}`,
      ],
    ]
    for (const text of wrong) expect(isWebhookSecret(text), text).to.equal(false)
    expect(signWebhook({ id: 'd', timestamp: 1, body: new Uint8Array(0) }, wrong)).to.equal('')
    expect(isWebhookSecret(secret(new Uint8Array(32)))).to.equal(true)
  })
})
