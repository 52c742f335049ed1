import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm'
import { sealEnvelope, signEnvelope } from '../../signing/envelope.ts'
import { deps, header, hub, now, payload, receiver, sender } from './parties.ts'
import { openEnvelope } from '../../signing/open.ts'

const source = readFileSync(new URL('../../docs/axis-envelope.xsd', import.meta.url))

const faultOf = (xml: Uint8Array): string | null => {
  using schema = XmlDocument.fromBuffer(source)
  using validator = XsdValidator.fromDoc(schema)
  using document = XmlDocument.fromBuffer(xml)
  try {
    validator.validate(document)
    return null
  } catch (error) {
    if (error instanceof XmlValidateError) return error.message
    throw error
  }
}

const full = {
  ...header,
  conversationId: 'c',
  refToMessageId: 'r',
  expiresAt: now,
  messageId: 'm',
  deliveryId: 'd',
  receivedAt: now,
}

describe('the published schema of the axis envelope', () => {
  it('describes what we sign and what we seal', async () => {
    const inner = await signEnvelope(header, payload, sender)
    const outer = await sealEnvelope({
      inner,
      header: { ...full, sealedBy: 'TRUC' },
      recipient: receiver.certificate,
      key: hub,
    })
    expect([faultOf(inner), faultOf(outer)]).to.deep.equal([null, null])
  })

  it('refuses what we refuse: a header out of order, another Id, no signature', async () => {
    const good = Buffer.from(await signEnvelope(full, payload, sender)).toString()
    const faulty = [
      good.replace(/(<SentAt>.*<\/SentAt>)(<ExpiresAt>.*<\/ExpiresAt>)/, '$2$1'),
      good.replace('Id="body"', 'Id="other"'),
      good.replace(/<ds:Signature .*<\/ds:Signature>/s, ''),
      good.replace('</Header>', '<Route>x</Route></Header>'),
      good.replace('.000Z</ReceivedAt>', 'Z</ReceivedAt>'),
    ]
    for (const xml of faulty) {
      expect(xml).to.not.equal(good)
      expect(faultOf(Buffer.from(xml))).to.be.a('string')
      const opened = await openEnvelope(Buffer.from(xml), deps()).catch(() => null)
      expect(opened).to.equal(null)
    }
  })
})
