import { expect } from 'chai'
import { pathText } from '../../schemas/limits.ts'
import { parsePayload } from '../../schemas/parse.ts'
import { faultOf } from './faults.ts'

const withField = (value: unknown) => ({ TieuDe: 'x', more: value })
const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]))
const nested = (levels: number): unknown => (levels === 0 ? 'x' : { a: nested(levels - 1) })
const nestedLists = (levels: number): unknown => (levels === 0 ? 'x' : [nestedLists(levels - 1)])

describe('limits of a payload', () => {
  const within: Readonly<Record<string, unknown>> = {
    '32 levels': withField(nested(31)),
    '32 levels of lists': withField(nestedLists(31)),
    '200 fields': withField(fields(200)),
    '5000 items': withField(Array.from({ length: 5000 }, () => 1)),
    '64 KiB of text': withField('a'.repeat(65_536)),
    '64 KiB of Vietnamese': withField(`${'ệ'.repeat(21_845)}a`),
    'a name of 200 characters': withField({ ['n'.repeat(200)]: 1 }),
    'whole surrogate pairs': withField('😀'),
  }
  for (const [name, payload] of Object.entries(within))
    it(`let pass ${name}`, () => expect(parsePayload('notice.alert', payload).payload).to.equal(payload))

  const beyond: readonly (readonly [string, unknown, string])[] = [
    ['33 levels', withField(nested(32)), `more${'.a'.repeat(31)}`],
    ['33 levels of lists', withField(nestedLists(32)), `more${'[0]'.repeat(31)}`],
    ['201 fields', withField([fields(3), fields(201)]), 'more[1]'],
    ['201 fields at the top', fields(201), 'payload'],
    ['5001 items', withField({ list: Array.from({ length: 5001 }, () => 1) }), 'more.list'],
    ['a byte over 64 KiB', withField({ text: ['a', 'a'.repeat(65_537)] }), 'more.text[1]'],
    ['a byte over 64 KiB of Vietnamese', withField(`${'ệ'.repeat(21_845)}ab`), 'more'],
    ['a name of 201 characters', withField({ ['n'.repeat(201)]: 1 }), `more.${'n'.repeat(200)}`],
  ]
  for (const [name, payload, field] of beyond)
    it(`stop ${name}`, () =>
      expect(faultOf('notice.alert', payload)).to.include({ code: 'too_large', field }))

  it('hold for every action, before its own rules', () => {
    const payload = { data: [{ NgayTiepNhan: 'x', GhiChu: 'a'.repeat(65_537) }] }
    expect(faultOf('dossier.submitted', payload)).to.include({ code: 'too_large', field: 'data[0].GhiChu' })
  })

  const foreign = {
    undefined,
    NaN: Number.NaN,
    Infinity,
    function: () => 1,
    symbol: Symbol('x'),
    bigint: 1n,
    Date: new Date(0),
  }
  for (const [name, value] of Object.entries(foreign))
    it(`refuse ${name}, which is no JSON`, () => {
      const fault = faultOf('notice.alert', withField([{ a: value }]))
      expect(fault).to.include({ code: 'invalid_field', field: 'more[0].a', reason: 'not a JSON value' })
    })

  it('refuse half a surrogate pair: its digest would not survive storage', () => {
    for (const value of ['a\ud83d', '\ude00', { 'x\ud800': 1 }])
      expect(faultOf('notice.alert', withField(value))).to.include({
        field: 'more',
        reason: 'not Unicode text',
      })
  })

  it('end a payload that contains itself', () => {
    const loop: Record<string, unknown> = {}
    loop['a'] = loop
    expect(faultOf('notice.alert', loop).code).to.equal('too_large')
  })
})

describe('path', () => {
  it('is written a.b[3].c', () => {
    expect(pathText(['a', 'b', 3, 'c'])).to.equal('a.b[3].c')
    expect(pathText([0, 1, 'x'])).to.equal('[0][1].x')
    expect(pathText(['', 'x', ''])).to.equal('"".x.""')
    expect(pathText([])).to.equal('payload')
    expect(pathText([], 'header')).to.equal('header')
  })

  it('cuts a hostile name and takes its control characters', () => {
    expect(pathText(['a\r\nb', 'x'.repeat(500)])).to.equal(`a??b.${'x'.repeat(200)}`)
  })
})
