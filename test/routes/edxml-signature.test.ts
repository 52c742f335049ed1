import { expect } from 'chai'
import { letter, sign } from '../adapters/agencies/edxml/signed.ts'
import { senderRsa } from '../signing/parties.ts'
import { vxpScene } from '../support/vxp.ts'

const from = { from: '000.00.05.H49' }

describe('a signed letter at the door of the document axis', () => {
  it('is taken over the certificate of its unit or of the body above, and refused when changed or signed by another', () =>
    vxpScene(async ({ province, signing }) => {
      const codeOf = async (file: string) => (await province.sendEdoc(file, from)).json['ErrorCode']
      const signed = await sign(letter, { key: signing.unit })
      expect(await codeOf(signed)).to.equal('0')
      expect(await codeOf(await sign(letter, { key: signing.province }))).to.equal('0')
      expect(await codeOf(signed.replace('NB-9', 'NB-8'))).to.equal('15')
      expect(await codeOf(signed.replace('JVBERi0xLjQK', 'JVBERi0xLjUK'))).to.equal('15')
      expect(await codeOf(await sign(letter, { key: signing.office }))).to.equal('100')
      expect(await codeOf(await sign(letter, { key: senderRsa }))).to.equal('0') // not known: not evaluated
    }))

  it('is asked for where its body must sign', () =>
    vxpScene(
      async ({ province, signing }) => {
        const codeOf = async (file: string) => (await province.sendEdoc(file, from)).json['ErrorCode']
        expect(await codeOf(letter)).to.equal('15')
        expect(await codeOf(await sign(letter, { key: senderRsa }))).to.equal('15')
        expect(await codeOf(await sign(letter, { key: signing.unit }))).to.equal('0')
      },
      { options: { signature: 'require' } },
    ))
})
