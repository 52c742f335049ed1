import { expect } from 'chai'
import fc from 'fast-check'
import { readJson } from '../../schemas/read-json.ts'
import { refusalOf } from './faults.ts'

const read = (text: string | Uint8Array): unknown => readJson(Buffer.from(text))

describe('reading JSON strictly', () => {
  it('reads whatever JSON.stringify writes, to the same value', () => {
    const key = fc.string().filter((name) => name !== '__proto__')
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 5 }),
        fc.dictionary(key, tie('value'), { maxKeys: 5 }),
      ),
    }))
    fc.assert(
      fc.property(value, fc.nat(4), (given, indent) => {
        const text = JSON.stringify(given, null, indent)
        expect(read(text)).to.deep.equal(JSON.parse(text))
      }),
    )
  })

  it('accepts exactly what JSON.parse accepts of texts that repeat no name', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"b\\"',
      '"',
      '\\',
      '1',
      '-',
      'null',
      ' ',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (some) => {
        const text = some.join('')
        const outcome = (parse: () => unknown) => {
          try {
            return JSON.stringify(parse())
          } catch {
            return 'refused'
          }
        }
        const strict = outcome(() => read(text))
        if (strict !== 'refused') expect(strict).to.equal(outcome(() => JSON.parse(text)))
        else if (new Set(some).size === some.length)
          expect(outcome(() => JSON.parse(text))).to.equal('refused')
      }),
    )
  })

  const faults: Readonly<Record<string, readonly [string | Uint8Array, string, string]>> = {
    'no text': ['', 'malformed_request', 'body'],
    'what is no JSON': ['{a:1}', 'malformed_request', 'body'],
    'two values': ['{} {}', 'malformed_request', 'body'],
    'a byte order mark': ['\ufeff{}', 'malformed_request', 'body'],
    'UTF-16': [Buffer.from('{}', 'utf16le'), 'malformed_request', 'body'],
    'a byte that is no UTF-8': [Buffer.from([0x22, 0xff, 0x22]), 'malformed_request', 'body'],
    'an overlong form': [Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'malformed_request', 'body'],
    'half a surrogate pair in bytes': [
      Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
      'malformed_request',
      'body',
    ],
    'a text that does not end': ['{"a":"b\\"}', 'malformed_request', 'body'],
    'a name twice': ['{"SoTien":1,"SoTien":2}', 'malformed_request', 'SoTien'],
    'a name twice, once escaped': ['{"a":1,"\\u0061":2}', 'malformed_request', 'a'],
    'a name twice, deep down': ['[{"x":{"b":1, "c":[], "b" : 2}}]', 'malformed_request', 'b'],
    'a name twice, of which one ends with a quote': ['{"a\\"":1,"a\\"":2}', 'malformed_request', 'a"'],
    __proto__: ['{"a":{"__proto__":{"x":1}}}', 'malformed_request', '__proto__'],
    'an escaped __proto__': ['{"\\u005f_proto__":1}', 'malformed_request', '__proto__'],
    'an amount that a double cannot hold': ['{"SoTien":12345678901234567891}', 'malformed_request', 'body'],
    'a fraction that a double cannot hold': ['[0.1234567890123456789]', 'malformed_request', 'body'],
    '34 levels': ['['.repeat(34) + ']'.repeat(34), 'too_large', 'body'],
    'a million levels': ['['.repeat(1_000_000), 'too_large', 'body'],
    '50,001 values': [`[${'1,'.repeat(50_000)}1]`, 'too_large', 'body'],
  }
  for (const [name, [text, code, field]] of Object.entries(faults))
    it(`refuses ${name}`, () => {
      expect(refusalOf(() => read(text))).to.include({ code, field })
    })

  it('reads the same name in two objects, and names and values that are alike', () => {
    for (const text of ['[{"a":1},{"a":2}]', '{"a":{"a":"a"},"b":"a"}', '{"a":["b","b"],"b":1}', '"a"'])
      expect(read(text)).to.deep.equal(JSON.parse(text))
  })

  it('is done with two megabytes of quotes and backslashes', () => {
    for (const unit of ['\\\\', '\\"']) {
      const text = `["${unit.repeat(1_000_000)}"]`
      expect(read(text)).to.deep.equal(JSON.parse(text))
    }
  })
})
