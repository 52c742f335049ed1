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

const authenticatedBy = { method: 'key', credentialId: 'k-1' } as const
const full = {
  ...header,
  sealedBy: 'TRUC',
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
      header: full,
      recipient: receiver.certificate,
      key: hub,
    })
    const vouched = await signEnvelope({ ...full, authenticatedBy }, payload, hub)
    expect([inner, outer, vouched].map(faultOf)).to.deep.equal([null, null, null])
  })

  it('refuses what we refuse: a header out of order, another Id, no signature', async () => {
    const good = Buffer.from(await signEnvelope({ ...full, authenticatedBy }, payload, hub)).toString()
    expect((await openEnvelope(Buffer.from(good), deps())).header).to.deep.include({ authenticatedBy })
    const faulty = [
      good.replace('<Method>key<', '<Method>trust<'),
      good.replace(/<CredentialId>.*<\/CredentialId>/, ''),
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
