import { createHmac, createPublicKey, verify } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import { receiptKinds } from '../../schemas/receipt.ts'
import type { Receipt } from '../../schemas/receipt.ts'
import { signReceipt, verifyReceipt } from '../../signing/receipt.ts'
import { certify, hub, newPair, sender, senderRsa } from './parties.ts'

const text = fc.string({ unit: 'grapheme' })
const optional = ['recipient', 'deliveryId', 'sealedDigest', 'code', 'reason'] as const
const anyReceipt: fc.Arbitrary<Receipt> = fc
  .record({
    id: text,
    kind: fc.constantFrom(...receiptKinds),
    issuer: text,
    messageId: text,
    sender: text,
    senderRef: text,
    action: text,
    contentDigest: text,
    originalDigest: text,
    at: fc.nat(4e12),
    others: fc.subarray([...optional]),
  })
  .map(({ others, ...receipt }) => ({
    ...receipt,
    ...Object.fromEntries(others.map((name) => [name, `${name} đã ghi`])),
  }))

const receipt: Receipt = {
  id: 'r-1',
  kind: 'delivered',
  issuer: 'TRUC',
  messageId: 'm-1',
  sender: 'H01',
  senderRef: 'H01-1',
  action: 'dossier.sync',
  contentDigest: 'aa',
  originalDigest: 'bb',
  at: 1_769_846_400_000,
  recipient: 'G05',
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const { jws } = await signReceipt(receipt, hub)
const [head = '', body = '', signature = ''] = jws.split('.')
const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, string>

describe('receipts', () => {
  for (const [name, key] of [
    ['ES256', hub],
    ['RS256', senderRsa],
  ] as const) {
    it(`reads any receipt it signs with ${name}`, async () => {
      await fc.assert(
        fc.asyncProperty(anyReceipt, async (any) => {
          const signed = await signReceipt(any, key)
          expect(signed.receipt).to.equal(any)
          expect(verifyReceipt(signed.jws, key.certificate)).to.deep.equal(any)
        }),
        { numRuns: name === 'ES256' ? 100 : 20 },
      )
    })
  }

  it('is a plain JWS that names its certificate', () => {
    expect(header).to.deep.equal({
      alg: 'ES256',
      typ: 'receipt+jws',
      'x5t#S256': Buffer.from(hub.certificate.fingerprint, 'hex').toString('base64url'),
    })
    const key = createPublicKey(hub.certificate.pem)
    const right = verify(
      'sha256',
      Buffer.from(`${head}.${body}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
    expect(right).to.equal(true)
  })

  it('refuses any change of one character', () => {
    fc.assert(
      fc.property(fc.nat(jws.length - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
        fc.pre(jws.charCodeAt(at) !== code)
        const changed = `${jws.slice(0, at)}${String.fromCharCode(code)}${jws.slice(at + 1)}`
        expect(() => verifyReceipt(changed, hub.certificate)).to.throw(GatewayError)
      }),
      { numRuns: 1000 },
    )
  })

  const unsigned = `${encode({ ...header, alg: 'none' })}.${body}.`
  const keyed = `${encode({ ...header, alg: 'HS256' })}.${body}`
  const hmac = `${keyed}.${createHmac('sha256', hub.certificate.pem).update(keyed).digest('base64url')}`
  const faults: Readonly<Record<string, readonly [string, string]>> = {
    'algorithm none': [unsigned, 'weak_algorithm'],
    'HMAC where a key pair is due': [hmac, 'weak_algorithm'],
    'algorithm of another key kind': [
      `${encode({ ...header, alg: 'RS256' })}.${body}.${signature}`,
      'weak_algorithm',
    ],
    'another body': [`${head}.${encode({ ...receipt, kind: 'refused' })}.${signature}`, 'bad_signature'],
    'a header with more to it': [
      `${encode({ ...header, crit: ['x'] })}.${body}.${signature}`,
      'bad_signature',
    ],
    'four parts': [`${jws}.x`, 'bad_signature'],
    'no text at all': ['', 'bad_signature'],
    padding: [`${jws}=`, 'bad_signature'],
  }
  for (const [name, [text, code]] of Object.entries(faults)) {
    it(`refuses ${name}: ${code}`, () => {
      expect(() => verifyReceipt(text, hub.certificate))
        .to.throw(GatewayError)
        .with.property('code', code)
    })
  }

  it('refuses another certificate, also one for the same key', () => {
    const again = certify('TRUC', { privateKey: hub.key, publicKey: hub.certificate.publicKey })
    for (const certificate of [sender.certificate, again, certify('TRUC', newPair())]) {
      expect(() => verifyReceipt(jws, certificate))
        .to.throw(GatewayError)
        .with.property('code', 'bad_signature')
    }
  })

  it('refuses a signed text that is no receipt', async () => {
    const other = await signReceipt({ ...receipt, kind: 'paid' } as unknown as Receipt, hub)
    expect(() => verifyReceipt(other.jws, hub.certificate))
      .to.throw(GatewayError)
      .with.property('code', 'bad_signature')
  })
})
