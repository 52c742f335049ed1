import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import type { Json, Payload } from '../../schemas/message.ts'
import { sha256 } from '../../signing/digest.ts'
import { sealEnvelope, signEnvelope } from '../../signing/envelope.ts'
import { openEnvelope } from '../../signing/open.ts'
import { canonicalize, parseXml } from '../../signing/parse-xml.ts'
import { deps, fullHeader, header, hopHeader, hub, payload, receiver, sender, senderRsa } from './parties.ts'

const signers = [
  ['ECDSA-SHA256', sender],
  ['RSA-SHA256', senderRsa],
] as const

const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .filter((value) => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value))
const { value: json } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(text, tie('value'), { maxKeys: 3 }),
  ),
}))
const anyPayload: fc.Arbitrary<Payload> = fc.dictionary(
  fc.oneof(text, fc.constantFrom('field', 'item', 'Body', 'xmlns', '__proto__')),
  json,
)

describe('axis envelope', () => {
  for (const [name, key] of signers) {
    it(`opens what was signed with ${name}`, async () => {
      const bytes = await signEnvelope(fullHeader, payload, key)
      const opened = await openEnvelope(bytes, deps())
      expect(opened).to.deep.equal({
        header: fullHeader,
        payload,
        original: bytes,
        sealed: false,
        outerHeader: null,
        receivedDigest: sha256(bytes),
      })
    })

    it(`opens what was signed with ${name} and sealed by the hub`, async () => {
      const inner = await signEnvelope(header, payload, key)
      const bytes = await sealEnvelope({
        inner,
        header: hopHeader,
        recipient: receiver.certificate,
        key: hub,
      })
      const opened = await openEnvelope(bytes, deps())
      expect(Buffer.from(opened.original)).to.deep.equal(inner)
      expect({ ...opened, original: inner }).to.deep.equal({
        header,
        payload,
        original: inner,
        sealed: true,
        outerHeader: hopHeader,
        receivedDigest: sha256(bytes),
      })
    })
  }

  it('writes canonical form', async () => {
    const inner = await signEnvelope(fullHeader, payload, sender)
    const outer = await sealEnvelope({ inner, header: hopHeader, recipient: receiver.certificate, key: hub })
    for (const bytes of [inner, outer]) expect(parseXml(bytes, canonicalize)).to.deep.equal(bytes)
  })

  it('gives back any payload it signs', async () => {
    await fc.assert(
      fc.asyncProperty(anyPayload, async (any) => {
        const opened = await openEnvelope(await signEnvelope(header, any, sender), deps())
        expect(opened.payload).to.deep.equal(any)
      }),
      { numRuns: 300 },
    )
  })

  it('gives back any payload it seals', async () => {
    await fc.assert(
      fc.asyncProperty(anyPayload, async (any) => {
        const inner = await signEnvelope(header, any, sender)
        const bytes = await sealEnvelope({ inner, header, recipient: receiver.certificate, key: sender })
        const opened = await openEnvelope(bytes, deps())
        expect([opened.payload, opened.header, opened.sealed]).to.deep.equal([any, header, true])
      }),
      { numRuns: 50 },
    )
  })

  it('reads what means the same in XML, signed by us', async () => {
    const bytes = Buffer.from(await signEnvelope(header, { a: '', b: {} }, sender)).toString()
    const rewritten = bytes
      .replace('<ax:Envelope ', '<?xml version="1.0" encoding="UTF-8"?>\n<ax:Envelope\n ')
      .replace('<Body ', '\n <Body ')
      .replace('<ds:Signature ', '\n\t<ds:Signature ')
      .replace('<a></a>', '<a />')
      .replaceAll('Id="header"', "Id = 'header'")
      .replace('</ax:Envelope>', '\n</ax:Envelope>\n')
    const opened = await openEnvelope(Buffer.from(rewritten), deps())
    expect(opened.payload).to.deep.equal({ a: '', b: {} })
    expect(Buffer.from(opened.original).toString()).to.equal(rewritten)
  })

  const cannotCarry: readonly (readonly [string, Json])[] = [
    ['a control character', { a: { b: ['x', '\u0001'] } }],
    ['a lone surrogate', { a: { b: ['x', '\ud800'] } }],
    ['a noncharacter', { a: { b: ['x', '\uffff'] } }],
    ['a number that is none', { a: { b: ['x', Number.NaN] } }],
  ]
  for (const [name, value] of cannotCarry) {
    it(`does not sign ${name}, and says where it is`, async () => {
      const error = await signEnvelope(header, value as Payload, sender).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(GatewayError).and.include({ code: 'invalid_field', field: 'a.b[1]' })
    })
  }

  it('does not sign what it would not read: too deep, too many elements, too large', async () => {
    let deep: Json = 'x'
    for (let level = 0; level < 300; level += 1) deep = [deep]
    const cases: readonly (readonly [Payload, string])[] = [
      [{ deep }, 'invalid_field'],
      [{ many: Array.from({ length: 50_001 }, () => '') }, 'too_large'],
      [{ large: 'x'.repeat(2 * 1024 * 1024) }, 'too_large'],
    ]
    for (const [value, code] of cases) {
      const error = await signEnvelope(header, value, sender).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(GatewayError).and.include({ code })
    }
  })
})
