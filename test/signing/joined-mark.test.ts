import { expect } from 'chai'
import fc from 'fast-check'
import { isMarkedBy, markOf, type MarkRule } from '../../signing/joined-mark.ts'
import { confirm, getBill, init, query, secret, textToMark } from '../support/payments.ts'

const both: readonly MarkRule[] = ['sha256', 'hmac']

describe('the mark of joined fields', () => {
  it('is that of the known examples', () => {
    const examples: readonly (readonly [MarkRule, object, string])[] = [
      ['sha256', init, '9268baddc18f27b6a4b8650b9b7eb8374c031fa834cad93c3b59eed3e0eee65a'],
      ['hmac', init, '5cfdc3542ad600b8efda4dbe568cf05b675cbc4433caf7185cf193adb5b1daa1'],
      ['sha256', confirm, 'af04487c0779acbedc4fa9e73ac19faaf0878ccdfc76c485d31f125a51d42e0c'],
      ['sha256', query, 'dbb528bf04f559040cd61edb5644bbdba1870d944e8f99de9a6fea5ea6a8d717'],
      ['sha256', getBill, '66552886c3eae0b7f6f16f7a29ec5f1d4a01eabe6a92f37c98d52d50c38d5589'],
    ]
    for (const [rule, fields, mark] of examples) {
      const text = textToMark(fields as Readonly<Record<string, unknown>>)
      expect(markOf(rule, text, secret)).to.equal(mark)
      expect(isMarkedBy(mark.toUpperCase(), text, { rules: both, secrets: ['another', secret] })).to.equal(
        true,
      )
      expect(
        isMarkedBy(mark, text, { rules: both.filter((one) => one !== rule), secrets: [secret] }),
      ).to.equal(false)
    }
    const keypay = '0|CLIENT01|PAY|150000|1201_7f3c2a10-5b6e-|3.0'
    const sum = 'c89cb789da6b4f9a4dd2f9e5184f35be4b4e3670d5815120cbae9cc8e6bb3492'
    expect(markOf('hmac', keypay, secret)).to.equal(sum)
  })

  it('is another one for another text, rule or secret, and nothing else passes for it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string(), (text, key, other) => {
        for (const rule of both) {
          const mark = markOf(rule, text, key)
          expect(isMarkedBy(mark, text, { rules: [rule], secrets: [key] })).to.equal(true)
          expect(isMarkedBy(mark, `${text}x`, { rules: both, secrets: [key] })).to.equal(false)
          if (other !== key)
            expect(isMarkedBy(mark, text, { rules: [rule], secrets: [`${key}${other}x`] })).to.equal(false)
          expect(isMarkedBy(other, text, { rules: both, secrets: [key] })).to.equal(false)
        }
        expect(isMarkedBy('0'.repeat(64), text, { rules: both, secrets: [] })).to.equal(false)
      }),
    )
  })
})
