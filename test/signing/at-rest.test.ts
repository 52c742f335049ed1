import { createSecretKey } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import { openAtRest, sealAtRest } from '../../signing/at-rest.ts'
import type { MasterKeys } from '../../signing/at-rest.ts'

const first = createSecretKey(Buffer.alloc(32, 1))
const second = createSecretKey(Buffer.alloc(32, 2))
const before: MasterKeys = { current: '2025', keys: new Map([['2025', first]]) }
const after: MasterKeys = {
  current: '2026',
  keys: new Map([
    ['2025', first],
    ['2026', second],
  ]),
}

describe('encryption at rest', () => {
  it('opens whatever it sealed, in the same row', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.string(), (plain, rowId) => {
        const blob = sealAtRest(plain, before, rowId)
        expect(openAtRest(blob, before, rowId)).to.deep.equal(Buffer.from(plain))
        expect(openAtRest(Uint8Array.from(blob), before, rowId)).to.deep.equal(Buffer.from(plain))
      }),
    )
  })

  it('never writes the same blob twice', () => {
    expect(sealAtRest(Buffer.from('x'), before, 'r')).to.not.deep.equal(
      sealAtRest(Buffer.from('x'), before, 'r'),
    )
  })

  it('opens what an earlier master key sealed, and seals with the current one', () => {
    expect(openAtRest(sealAtRest(Buffer.from('x'), before, 'r'), after, 'r').toString()).to.equal('x')
    const blob = sealAtRest(Buffer.from('x'), after, 'r')
    expect(() => openAtRest(blob, before, 'r'))
      .to.throw(GatewayError)
      .with.property('code', 'internal')
  })

  it('refuses another row', () => {
    const blob = sealAtRest(Buffer.from('x'), before, 'row-1')
    expect(() => openAtRest(blob, before, 'row-2'))
      .to.throw(GatewayError)
      .with.property('code', 'undecryptable')
  })

  it('refuses every byte changed, and every length', () => {
    const blob = sealAtRest(Buffer.from('hồ sơ'), after, 'r')
    for (const [at, byte] of blob.entries()) {
      const changed = Uint8Array.from(blob)
      changed[at] = byte ^ 1
      expect(() => openAtRest(changed, after, 'r'), `byte ${at}`).to.throw(GatewayError)
      expect(() => openAtRest(blob.subarray(0, at), after, 'r'), `length ${at}`).to.throw(GatewayError)
    }
    expect(() => openAtRest(Buffer.concat([blob, Buffer.alloc(1)]), after, 'r')).to.throw(GatewayError)
  })
})
