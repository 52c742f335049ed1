import { expect } from 'chai'
import { GatewayError } from '../../schemas/errors.ts'
import type { Json } from '../../schemas/message.ts'
import { readPayload, writePayload } from '../../signing/payload-xml.ts'
import { scan } from '../../signing/scan.ts'
import { readOriginal } from '../../signing/read.ts'
import { signEnvelope } from '../../signing/envelope.ts'
import { header, payload, sender } from './parties.ts'

const start = '<Body xmlns="urn:lien-thong:axis:1" Id="body">'
const body = (content: string): string => `${start}${content}</Body>`
const parsed = (xml: string) => readPayload(scan(Buffer.from(xml)))

/** The mapping, one line a rule: what a field is in JSON, and what in XML. */
const mapping: readonly (readonly [Record<string, Json>, string])[] = [
  [{}, ''],
  [{ MaHoSo: 'H01' }, '<MaHoSo>H01</MaHoSo>'],
  [{ a: '' }, '<a></a>'],
  [{ a: ' \n\t' }, '<a> \n\t</a>'],
  [{ a: '<&>"\r\'' }, '<a>&lt;&amp;&gt;"&#xD;\'</a>'],
  [{ a: 150000, b: -1.5e-7 }, '<a type="number">150000</a><b type="number">-1.5e-7</b>'],
  [
    { a: true, b: false, c: null },
    '<a type="boolean">true</a><b type="boolean">false</b><c type="null"></c>',
  ],
  [{ a: [] }, '<a type="list"></a>'],
  [
    { a: ['x', 1, [{}]] },
    '<a type="list"><item>x</item><item type="number">1</item><item type="list"><item type="object"></item></item></a>',
  ],
  [{ a: {} }, '<a type="object"></a>'],
  [{ a: { item: 'x', b: { c: 'd' } } }, '<a><item>x</item><b><c>d</c></b></a>'],
  [{ 'Mã hồ sơ': 'x' }, '<field name="Mã hồ sơ">x</field>'],
  [{ field: 1 }, '<field name="field" type="number">1</field>'],
  [
    { '': 'x', '1a': 'x', xmlA: 'x', 'a:b': 'x' },
    '<field name="">x</field><field name="1a">x</field><field name="xmlA">x</field><field name="a:b">x</field>',
  ],
  [{ '<"&\t\n\r>': 'x' }, '<field name="&lt;&quot;&amp;&#x9;&#xA;&#xD;>">x</field>'],
  [JSON.parse('{"__proto__":"x"}') as Record<string, Json>, '<__proto__>x</__proto__>'],
]

const read: Readonly<Record<string, readonly [string, Json]>> = {
  'white space between elements': ['\n <a>\n  <b>x</b>\n </a>\n', { a: { b: 'x' } }],
  'white space in a list': ['<a type="list">\n <item>x</item>\n</a>', { a: ['x'] }],
  'an object that says so': ['<a type="object"><b>x</b></a>', { a: { b: 'x' } }],
  'a safe name written as a field': ['<field name="a">x</field>', { a: 'x' }],
  'a number with a zero at its end': ['<a type="number">1.50</a>', { a: 1.5 }],
}

const refused: Readonly<Record<string, readonly [string, string]>> = {
  'the same name twice': ['<a>x</a><a>y</a>', 'a'],
  'the same name twice, once as a field': ['<a>x</a><field name="a">y</field>', 'a'],
  'a type nobody knows': ['<a><b type="date">x</b></a>', 'a.b'],
  'another attribute': ['<a id="x">x</a>', 'a'],
  'a name on a plain element': ['<a name="b">x</a>', ''],
  'a field without a name': ['<field>x</field>', ''],
  'a prefix': ['<x:a>x</x:a>', ''],
  'an item with a name': ['<a type="list"><item name="b">x</item></a>', 'a'],
  'a list of something else': ['<a type="list"><b>x</b></a>', 'a'],
  'text in a list': ['<a type="list">x</a>', 'a'],
  'text in an object': ['<a type="object">x</a>', 'a'],
  'a number that is none': ['<a type="number">0x10</a>', 'a'],
  'a number with blanks': ['<a type="number"> 1</a>', 'a'],
  'a number beyond all bounds': ['<a type="number">1e999</a>', 'a'],
  'a number no double holds': ['<a type="list"><item type="number">9007199254740993</item></a>', 'a[0]'],
  'an empty number': ['<a type="number"></a>', 'a'],
  'a boolean in capitals': ['<a type="boolean">TRUE</a>', 'a'],
  'a null with text': ['<a type="null">x</a>', 'a'],
  'a number with elements': ['<a type="number"><b>1</b></a>', 'a'],
}

const refusalOf = (xml: string): GatewayError => {
  try {
    parsed(xml)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('payload in XML', () => {
  for (const [value, xml] of mapping) {
    it(`writes and reads ${JSON.stringify(value)}`, () => {
      expect(writePayload(value)).to.equal(body(xml))
      expect(parsed(body(xml))).to.deep.equal(value)
      expect(Object.keys(parsed(body(xml))).sort()).to.deep.equal(Object.keys(value).sort())
    })
  }

  for (const [name, [xml, value]] of Object.entries(read)) {
    it(`reads ${name}`, () => expect(parsed(body(xml))).to.deep.equal(value))
  }

  for (const [name, [xml, field]] of Object.entries(refused)) {
    it(`refuses ${name}, and says where`, () => {
      expect(refusalOf(body(xml))).to.include({ code: 'malformed_xml', field })
    })
  }

  it('refuses what is not one whole Body', () => {
    const bodies = [
      '',
      'x',
      '<a></a>',
      body('<a>'),
      body('</a>'),
      `${body('')}x`,
      `${body('')}${body('')}`,
      body('<a></b>'),
      body('a<a></a>'),
    ]
    for (const xml of bodies) expect(refusalOf(xml)).to.include({ code: 'malformed_xml' })
  })

  it('reads the payload of an envelope that was kept', async () => {
    expect(readOriginal(await signEnvelope(header, payload, sender))).to.deep.equal(payload)
  })
})
