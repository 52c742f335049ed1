import { expect } from 'chai'
import fc from 'fast-check'
import { createSecretKey, randomBytes } from 'node:crypto'
import { GatewayError } from '../../schemas/errors.ts'
import { drawSecret, isOneOf, mayBeSecret, secretHash } from '../../signing/secret.ts'
import { signToken, tokenKeys, verifyToken, type TokenClaims } from '../../signing/token.ts'

describe('secrets', () => {
  it('have a form that a scanner knows, and are never the same', () => {
    const drawn = Array.from({ length: 50 }, drawSecret)
    expect(new Set(drawn).size).to.equal(50)
    for (const secret of drawn) {
      expect(secret).to.match(/^lt_[0-9A-Za-z]{49}$/)
      expect(mayBeSecret(secret)).to.equal(true)
    }
  })

  it('are known to be mistyped by their sum, wherever a letter is changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 51 }), fc.constantFrom('0', 'Z', 'z'), (at, letter) => {
        const secret = drawSecret()
        fc.pre(secret[at] !== letter)
        expect(mayBeSecret(secret.slice(0, at) + letter + secret.slice(at + 1))).to.equal(false)
      }),
    )
    expect(mayBeSecret('drawn-by-another-hand')).to.equal(true)
  })

  it('are compared with one or two hashes, and with none', () => {
    const [a, b, c] = ['a', 'b', 'c'].map(secretHash) as [Buffer, Buffer, Buffer]
    expect([isOneOf(a, [a]), isOneOf(a, [b, a]), isOneOf(c, [a, b]), isOneOf(a, [])]).to.deep.equal([
      true,
      true,
      false,
      false,
    ])
    expect(isOneOf(Buffer.alloc(32), [])).to.equal(false)
  })
})

describe('access tokens', () => {
  const masters = (current: string, ...ids: string[]) => ({
    current,
    keys: new Map(ids.map((id) => [id, createSecretKey(Buffer.alloc(32, id))])),
  })
  const claims: TokenClaims = {
    iss: 'TRUC',
    aud: 'TRUC',
    sub: 'c',
    client_id: 'c',
    jti: 'j',
    iat: 1.5,
    exp: 10,
  }
  const keys = tokenKeys(masters('k1', 'k1'))
  const verify = (token: string, how = {}) => verifyToken(token, { keys, issuer: 'TRUC', now: 9_999, ...how })

  it('come back as they were written, also when the master key is changed in turn', () => {
    const token = signToken(claims, keys)
    expect(verify(token)).to.deep.equal(claims)
    expect(verify(token, { keys: tokenKeys(masters('k2', 'k2', 'k1')) })).to.deep.equal(claims)
  })

  const forged: readonly (readonly [string, () => unknown])[] = [
    ['over', () => verify(signToken(claims, keys), { now: 10_000 })],
    ['of another gateway', () => verify(signToken({ ...claims, iss: 'X' }, keys))],
    ['for another gateway', () => verify(signToken({ ...claims, aud: 'X' }, keys))],
    [
      'under a key that is gone',
      () => verify(signToken(claims, keys), { keys: tokenKeys(masters('k2', 'k2')) }),
    ],
    [
      'under another key of the same name',
      () =>
        verify(
          signToken(claims, { current: 'k1', keys: new Map([['k1', createSecretKey(randomBytes(32))]]) }),
        ),
    ],
    ['under the master key itself', () => verify(signToken(claims, masters('k1', 'k1')))],
    ['of four parts', () => verify(`${signToken(claims, keys)}.x`)],
    [
      'with other claims',
      () => {
        const [head, , signature] = signToken(claims, keys).split('.')
        return verify(
          `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'd' })).toString('base64url')}.${signature}`,
        )
      },
    ],
    [
      'that names no algorithm',
      () => {
        const [, body] = signToken(claims, keys).split('.')
        const head = Buffer.from('{"alg":"none","typ":"at+jwt","kid":"k1"}').toString('base64url')
        return verify(`${head}.${body}.`)
      },
    ],
    ['that is none', () => verify('a.b.c')],
  ]
  for (const [what, act] of forged)
    it(`refuses one ${what}`, () => {
      expect(act).to.throw(GatewayError).with.property('code', 'unauthenticated')
    })
})
