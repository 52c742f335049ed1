import { expect } from 'chai'
import { textOf } from '../../schemas/fields.ts'
import type { Payload } from '../../schemas/message.ts'
import { SignedReceiptShape } from '../../schemas/shapes.ts'
import { verifyReceipt } from '../../signing/receipt.ts'
import { letter, sign } from '../adapters/agencies/edxml/signed.ts'
import { senderRsa } from '../signing/parties.ts'
import { eventually, type LentGateway } from '../support/gateway.ts'
import { operatorKey } from '../support/parties.ts'
import { office } from '../support/vxp-office.ts'
import { vxpScene, type VxpScene } from '../support/vxp.ts'

const from = { from: '000.00.05.H49' }

interface Seen {
  readonly flags: readonly string[]
  readonly receipts: readonly unknown[]
}

/** What somebody is shown of a message. */
async function seen(lent: LentGateway, id: string, apiKey = operatorKey): Promise<Seen> {
  const { json } = await lent.call(apiKey, 'GET', `/v1/messages/${id}`)
  const { message, receipts } = json as unknown as { message: Seen; receipts: Seen['receipts'] }
  return { flags: message.flags, receipts }
}

async function docIdOf({ province }: VxpScene, file: string): Promise<string> {
  const { json } = await province.sendEdoc(file, from)
  expect(json).to.include({ ErrorCode: '0' })
  return textOf(json['DocId'])
}

describe('the signature within a letter, as people see it', () => {
  it('is told in the view of the message and in its list: who has signed, or why it was not evaluated', () =>
    vxpScene(async (scene) => {
      const { lent, signing } = scene
      const [unsigned, signed, unknown] = [
        await docIdOf(scene, letter.replace('27/STN', '25/STN')),
        await docIdOf(scene, await sign(letter, { key: signing.unit })),
        await docIdOf(scene, await sign(letter.replace('27/STN', '26/STN'))),
      ]
      const told = 'Signature: verified, H49.05'
      const { flags, receipts } = await seen(lent, signed)
      expect(flags).to.include(told)
      for (const receipt of receipts) {
        const { jws } = SignedReceiptShape.parse(receipt)
        expect(JSON.stringify(receipt)).not.to.include(told)
        expect(verifyReceipt(jws, lent.keys.signing.certificate)).to.include({ messageId: signed })
      }
      expect((await seen(lent, unknown)).flags).to.include('Signature: not evaluated, certificate not known')
      expect((await seen(lent, unsigned)).flags.join()).not.to.include('Signature')
      const { json } = await lent.call(operatorKey, 'GET', '/v1/messages?family=document')
      const items = json['items'] as unknown as readonly (Payload & Seen)[]
      expect(items.find(({ id }) => id === signed)?.flags).to.include(told)
    }))

  it('is told in a signed refusal where it does not hold', () =>
    vxpScene(async ({ lent, province, signing }) => {
      const signed = await sign(letter, { key: signing.unit })
      const { json } = await province.sendEdoc(signed.replace('NB-9', 'NB-8'), from)
      expect(json).to.include({ status: 'FAIL', ErrorCode: '15', DocId: '' })
      const { json: page } = await lent.call(operatorKey, 'GET', '/v1/refusals')
      const [refusal, ...others] = page['items'] as unknown as readonly { receipt: Payload; jws: string }[]
      expect(others).to.deep.equal([])
      expect(refusal?.receipt).to.include({ kind: 'refusal', sender: 'H49', code: 'bad_signature' })
      expect(refusal?.receipt['reason']).to.equal('is not what was signed')
    }))

  it('is that of the gateway which hands the letter over, where both have agreed on it', () =>
    vxpScene(
      (axis) =>
        office(axis, { signature: 'require' }, async (lent) => {
          await docIdOf(axis, letter)
          const [item] = await eventually('the letter', async () => {
            lent.clock.pass(500)
            const { json } = await lent.call(operatorKey, 'GET', '/v1/messages?family=document')
            const items = json['items'] as unknown as readonly (Payload & Seen)[]
            return items.length > 0 && items
          })
          expect(item?.flags).to.include('Signature: verified, TRUC.VB')
        }),
      { options: { signatureProfile: 'peer' } },
    ))
})

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
