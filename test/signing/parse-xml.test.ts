import { expect } from 'chai'
import { diag } from 'libxml2-wasm'
import { GatewayError } from '../../schemas/errors.ts'
import { canonicalize, parseXml, xmlLimits } from '../../signing/parse-xml.ts'

const refusalOf = (xml: string | Uint8Array): GatewayError => {
  try {
    parseXml(Buffer.from(xml), canonicalize)
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
  throw new Error('it was parsed')
}

const wide = (count: number): string => `<a>${'<b/>'.repeat(count - 1)}</a>`
const attributes = (count: number): string => Array.from({ length: count }, (_, at) => `a${at}=">"`).join(' ')
const namespaces = (count: number): string =>
  Array.from({ length: count }, (_, at) => `<n:b xmlns:n="urn:${at}"/>`).join('')
const deep = (levels: number): string => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`

describe('reading XML', () => {
  it('lends the document and gives back what was made of it', () => {
    expect(parseXml(Buffer.from('<a><b>1</b></a>'), (document) => document.get('b')?.content)).to.equal('1')
  })

  it('disposes of the document, also when its use throws', () => {
    diag.configure({ enabled: true })
    try {
      parseXml(Buffer.from('<a/>'), canonicalize)
      expect(() =>
        parseXml(Buffer.from('<a/>'), () => {
          throw new Error('ours')
        }),
      ).to.throw('ours')
      refusalOf('<a>')
      expect(diag.report()).to.deep.equal({})
    } finally {
      diag.configure({ enabled: false })
    }
  })

  for (const start of [
    '',
    '\ufeff',
    '<?xml version="1.0"?>',
    "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\n",
    '\ufeff<?xml version="1.0" encoding="UTF-8"?>',
  ]) {
    it(`reads UTF-8 that begins with ${JSON.stringify(start)}`, () => {
      expect(parseXml(Buffer.from(`${start}<a>Đ</a>`), canonicalize).toString()).to.equal('<a>Đ</a>')
    })
  }

  it('reads up to each limit', () => {
    const largest = `<a>${'x'.repeat(xmlLimits.bytes - 7)}</a>`
    const accepted = [
      largest,
      wide(xmlLimits.elements),
      `<a ${attributes(xmlLimits.attributes)}/>`,
      `<a>${namespaces(xmlLimits.namespaces)}</a>`,
      deep(256),
    ]
    for (const xml of accepted) expect(parseXml(Buffer.from(xml), canonicalize).length).to.be.greaterThan(0)
  })

  const tooLarge: Readonly<Record<string, string>> = {
    'one byte more': `<a>${'x'.repeat(xmlLimits.bytes - 6)}</a>`,
    'one element more': wide(xmlLimits.elements + 1),
    'one attribute more': `<a ${attributes(xmlLimits.attributes + 1)}/>`,
    'one attribute more, in the last element': `<b><a ${attributes(xmlLimits.attributes + 1)}>x</a></b>`,
    'one namespace more': `<a>${namespaces(xmlLimits.namespaces + 1)}</a>`,
    'one level more': deep(257),
  }
  for (const [name, xml] of Object.entries(tooLarge)) {
    it(`refuses ${name}: too_large`, () => expect(refusalOf(xml)).to.include({ code: 'too_large' }))
  }

  const malformed: Readonly<Record<string, readonly [string, RegExp]>> = {
    'a fault, and says where': ['<a>\n  <b>\n</a>', /line 3, column 5/],
    'a DOCTYPE': ['<!DOCTYPE a><a/>', /DOCTYPE/],
    'a DOCTYPE after white space': ['\n <!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /DOCTYPE/],
    'an entity nobody declared': ['<a>&b;</a>', /line 1/],
    'a second declaration': ['<?xml version="1.0"?><?xml version="1.0"?><a/>', /instructions/],
    'a declaration after white space': [' <?xml version="1.0"?><a/>', /instructions/],
    'two roots': ['<a/><a/>', /line 1/],
    nothing: ['', /./],
  }
  for (const [name, [xml, reason]] of Object.entries(malformed)) {
    it(`refuses ${name}: malformed_xml`, () => {
      const error = refusalOf(xml)
      expect(error).to.include({ code: 'malformed_xml' })
      expect(error.reason).to.match(reason)
    })
  }
})
