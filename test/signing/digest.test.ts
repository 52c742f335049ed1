import { expect } from 'chai'
import fc from 'fast-check'
import type { Json, Payload } from '../../schemas/message.ts'
import { canonicalJson, contentHash, laneKey, referenceKey, sha256 } from '../../signing/digest.ts'

const shuffled = (value: Json): Json => {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: Json) => shuffled(item))
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, shuffled(item)]),
  )
}

const json = fc.jsonValue() as fc.Arbitrary<Json>
const payload = fc.dictionary(fc.string(), json) as fc.Arbitrary<Payload>
const content = { action: 'dossier.sync', recipients: ['G05', 'H02'], subjectKey: 'H01.1', payload: { a: 1 } }

describe('digests', () => {
  it('writes canonical JSON: sorted names, no blanks, plain numbers', () => {
    expect(canonicalJson({ b: [1, { d: null, c: true }], a: 'Đ"\n', B: 1e21 })).to.equal(
      '{"B":1e+21,"a":"Đ\\"\\n","b":[1,{"c":true,"d":null}]}',
    )
  })

  it('writes canonical JSON that reads back as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).to.deep.equal(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('does not see the order of names, nor that of recipients', () => {
    fc.assert(
      fc.property(payload, (value) => {
        const other = { ...content, recipients: ['H02', 'G05'], payload: shuffled(value) as Payload }
        expect(contentHash(other)).to.deep.equal(contentHash({ ...content, payload: value }))
      }),
    )
  })

  it('sees every part of the content', () => {
    const others = [
      { ...content, action: 'x' },
      { ...content, recipients: ['G05'] },
      { ...content, recipients: ['G05,H02'] },
      { ...content, subjectKey: '' },
      { ...content, payload: { a: '1' } },
      { ...content, payload: { a: [1] } },
      { ...content, payload: {} },
    ]
    const hashes = [content, ...others].map((one) => contentHash(one).toString('hex'))
    expect(new Set(hashes).size).to.equal(hashes.length)
  })

  it('keeps parts apart: no other split of the same text has the same key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), fc.nat(), (text, first, second) => {
        const [a, b] = [first % (text.length + 1), second % (text.length + 1)]
        fc.pre(a !== b)
        for (const key of [referenceKey, laneKey]) {
          const [one, other] = [a, b].map((at) => key(text.slice(0, at), text.slice(at)))
          expect(one).to.not.deep.equal(other)
        }
      }),
    )
  })

  it('tells references apart that a database collation would equate', () => {
    const keys = ['a', 'A', 'á', 'a ', 'ａ'].map((ref) => referenceKey('H01', ref).toString('hex'))
    expect(new Set(keys).size).to.equal(keys.length)
  })

  it('has the sizes that the store keeps', () => {
    expect([sha256('a', 'b').length, referenceKey('a', 'b').length, laneKey('a', '').length]).to.deep.equal([
      32, 32, 16,
    ])
    expect(sha256('a', 'b')).to.deep.equal(sha256('ab'))
  })
})
