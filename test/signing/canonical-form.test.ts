import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { provenParts } from '../../signing/canonical-form.ts'
import { signEnvelope } from '../../signing/envelope.ts'
import { canonicalize, parseXml } from '../../signing/parse-xml.ts'
import { fullHeader, header, payload, sender } from './parties.ts'

/** The canonical form as libxml2 makes it; null where it finds none. */
function canonicalOf(xml: Buffer): Buffer | null {
  try {
    return parseXml(xml, canonicalize)
  } catch (error) {
    if (error instanceof GatewayError) return null
    throw error
  }
}

const isProven = (xml: Buffer): boolean => provenParts(xml) !== null

/** The one promise: what passes is what libxml2 would have made of it. */
function expectProved(xml: Buffer): void {
  if (isProven(xml)) expect(canonicalOf(xml)?.toString()).to.equal(xml.toString())
}

/** Payloads whose names and texts XML can carry. */
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,8}$/)
const text = fc
  .string({ unit: 'grapheme' })
  .filter((each) => !/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]/.test(each))
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }),
  ),
}))
const anyPayload: fc.Arbitrary<Payload> = fc.dictionary(name, value, { maxKeys: 6 })

/** What turns canonical XML into other XML, or into none. */
const pieces = [
  ...[
    '<a/>',
    '<a></a>',
    '</a>',
    '<a>',
    '<ds:a></ds:a>',
    '<ax:a></ax:a>',
    '<b:a xmlns:b="u:b"></b:a>',
    '</Body>',
  ],
  ...[
    ' a="1"',
    ' b="1" a="2"',
    ' a="1" a="2"',
    " a='1'",
    ' xmlns=""',
    ' xmlns:ax="u:x"',
    ' xml:lang="vi"',
    ' a="\t"',
  ],
  ...[
    '&amp;',
    '&',
    '&#13;',
    '&#xD;',
    '&quot;',
    '&#x9;',
    '&apos;',
    '>',
    '<',
    '"',
    '\r',
    '\t',
    '\n',
    ' ',
    '\u0001',
    '\uffff',
    'ệ',
  ],
  ...[
    '<!-- -->',
    '<![CDATA[x]]>',
    '<?pi?>',
    '\ufeff',
    '<Header xmlns="urn:lien-thong:axis:1" Id="header"></Header>',
  ],
]

describe('an envelope in canonical form', () => {
  it('is known without parsing it, whatever it carries', async () => {
    await fc.assert(
      fc.asyncProperty(anyPayload, async (each) => {
        expect(isProven(Buffer.from(await signEnvelope(header, each, sender)))).to.equal(true)
      }),
      { numRuns: 50 },
    )
  })

  it('is never said of what libxml2 would write in another way, or refuse', async () => {
    const bytes = Buffer.from(
      await signEnvelope(fullHeader, { ...payload, 'a b': [1, null, '<&>"'] }, sender),
    )
    const places = Array.from(bytes.toString()).length
    const change = fc.record({ at: fc.nat(places), cut: fc.nat(3), put: fc.constantFrom('', ...pieces) })
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const text = Array.from(bytes.toString())
        for (const { at, cut, put } of changes) text.splice(at, cut, put)
        expectProved(Buffer.from(text.join('')))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is never said after a change beside a tag or in it', async () => {
    const xml = Buffer.from(await signEnvelope(fullHeader, payload, sender)).toString()
    for (const { index } of xml.matchAll(/[<>=" ]/g))
      for (const put of pieces)
        for (const at of [index, index + 1])
          expectProved(Buffer.from(`${xml.slice(0, at)}${put}${xml.slice(at)}`))
  })

  it('is left to libxml2 where it is deep', async () => {
    const deep = (levels: number) => `${'<a>'.repeat(levels)}${'</a>'.repeat(levels)}`
    const xml = Buffer.from(await signEnvelope(header, {}, sender)).toString()
    for (const [levels, said] of [
      [100, true],
      [300, false],
    ] as const)
      expect(isProven(Buffer.from(xml.replace('</Body>', `${deep(levels)}</Body>`)))).to.equal(said)
  })
})
