import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto'
import { expect } from 'chai'
import type { ErrorCode } from '../../schemas/errors.ts'
import { GatewayError } from '../../schemas/errors.ts'
import { signEnvelope, sealEnvelope } from '../../signing/envelope.ts'
import { openEnvelope } from '../../signing/open.ts'
import type { OpenDeps } from '../../signing/open.ts'
import { mgf1Sha256, rsaOaep, xenc, xenc11 } from '../../signing/namespaces.ts'
import { writeHeader } from '../../signing/header-xml.ts'
import {
  certify,
  deps,
  header,
  hopHeader,
  hub,
  newPair,
  newRsaPair,
  payload,
  receiver,
  sender,
} from './parties.ts'
import { craft } from './craft.ts'

const inner = await signEnvelope(header, payload, sender)
const sealed = await sealEnvelope({ inner, header: hopHeader, recipient: receiver.certificate, key: hub })
const sealedBody = /<Body .*<\/Body>/s.exec(Buffer.from(sealed).toString())?.[0] ?? ''

/** Validly signed by the hub, whatever the body. */
const hop = (body: string, hopping = hopHeader): Buffer =>
  Buffer.from(craft({ signer: hub, header: writeHeader(hopping), body }))
const edited = (from: string | RegExp, to: string): Buffer => {
  const body = sealedBody.replace(from, to)
  expect(body).to.not.equal(sealedBody)
  return hop(body)
}

/** The honest EncryptedData with other bytes inside. */
const encrypting = (plain: Uint8Array, oaepHash = 'sha256', keyBytes = 32): Buffer => {
  const [key, iv] = [randomBytes(keyBytes), randomBytes(12)]
  const cipher = createCipheriv(keyBytes === 32 ? 'aes-256-gcm' : 'aes-128-gcm', key, iv)
  const content = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const wrapped = publicEncrypt({ key: receiver.certificate.publicKey, padding, oaepHash }, key)
  const values = [wrapped, content].map((bytes) => bytes.toString('base64'))
  return hop(
    sealedBody.replace(
      /(<xenc:CipherValue>)[^<]*/g,
      (_all, start: string) => `${start}${values.shift() ?? ''}`,
    ),
  )
}

const tampered = (nth: number): Buffer => {
  let count = 0
  return hop(
    sealedBody.replace(/(<xenc:CipherValue>)([^<]*)/g, (all, start: string, text: string) => {
      if (count++ !== nth) return all
      const bytes = Buffer.from(text, 'base64')
      bytes[20] = (bytes[20] ?? 0) ^ 1
      return `${start}${bytes.toString('base64')}`
    }),
  )
}

const refusalOf = async (bytes: Uint8Array, overrides: Partial<OpenDeps> = {}): Promise<unknown> =>
  openEnvelope(bytes, deps(overrides)).then(
    () => null,
    (refusal: unknown) => refusal,
  )

const otherReceiver = { key: newRsaPair().privateKey, certificate: receiver.certificate }
const doubled = await sealEnvelope({
  inner: sealed,
  header: hopHeader,
  recipient: receiver.certificate,
  key: hub,
})
const forged = Buffer.from(inner).toString().replace('150000', '1')

const faults: Readonly<Record<string, readonly [ErrorCode, RegExp, Uint8Array, Partial<OpenDeps>?]>> = {
  'content changed and signed anew by the hop': ['undecryptable', /changed/, tampered(1)],
  'wrapped key changed and signed anew by the hop': ['undecryptable', /changed/, tampered(0)],
  'content too short': [
    'undecryptable',
    /changed/,
    edited(/(CipherValue>)[^<]*(<\/xenc:CipherValue><\/xenc:CipherData><\/xenc:EncryptedData)/, '$1AAAA$2'),
  ],
  'encrypted for another key': ['undecryptable', /held here/, sealed, { decryptionKeys: [] }],
  'encrypted for a key that only the name fits': [
    'undecryptable',
    /held here/,
    sealed,
    { decryptionKeys: [otherReceiver] },
  ],
  'OAEP with SHA-1': ['undecryptable', /held here/, encrypting(inner, 'sha1')],
  'OAEP declared with SHA-1': [
    'weak_algorithm',
    /DigestMethod/,
    edited(/(<ds:DigestMethod Algorithm=")[^"]*/, '$1http://www.w3.org/2000/09/xmldsig#sha1'),
  ],
  'OAEP of XML Encryption 1.0': ['weak_algorithm', /rsa-oaep/, edited(rsaOaep, `${xenc}rsa-oaep-mgf1p`)],
  'RSA PKCS#1 v1.5': ['weak_algorithm', /rsa-oaep/, edited(rsaOaep, `${xenc}rsa-1_5`)],
  'mask of SHA-1': ['weak_algorithm', /MGF/, edited(mgf1Sha256, `${xenc11}mgf1sha1`)],
  'AES-128-GCM declared': ['weak_algorithm', /aes256-gcm/, edited('aes256-gcm', 'aes128-gcm')],
  'AES-256-CBC declared': [
    'weak_algorithm',
    /aes256-gcm/,
    edited(/http[^"]*aes256-gcm/, `${xenc}aes256-cbc`),
  ],
  'key of 128 bits': ['undecryptable', /held here/, encrypting(inner, 'sha256', 16)],
  'cipher text by reference': [
    'malformed_xml',
    /CipherData must hold/,
    edited(
      /<xenc:CipherValue>[^<]*<\/xenc:CipherValue>/,
      '<xenc:CipherReference URI="http://example.invalid/"></xenc:CipherReference>',
    ),
  ],
  'content encrypted instead of an element': ['malformed_xml', /attributes/, edited('#Element', '#Content')],
  'two encrypted parts': [
    'malformed_xml',
    /Body must hold/,
    hop(sealedBody.replace(/(<xenc:EncryptedData.*<\/xenc:EncryptedData>)/s, '$1$1')),
  ],
  'plain field beside the encrypted part': [
    'malformed_xml',
    /Body must hold/,
    hop(sealedBody.replace('</Body>', '<LePhi>1</LePhi></Body>')),
  ],
  'sealed twice': ['malformed_xml', /element name/, doubled],
  'inner body changed': ['bad_signature', /Body/, encrypting(Buffer.from(forged))],
  'inner envelope without a signature': [
    'malformed_xml',
    /Signature/,
    encrypting(
      Buffer.from(
        Buffer.from(inner)
          .toString()
          .replace(/<ds:Signature .*<\/ds:Signature>/s, ''),
      ),
    ),
  ],
  'inner bytes that are no XML': ['malformed_xml', /line 1/, encrypting(Buffer.from('hello'))],
  'inner DOCTYPE': [
    'malformed_xml',
    /DOCTYPE/,
    encrypting(Buffer.concat([Buffer.from('<!DOCTYPE x>'), inner])),
  ],
  'other sender outside': ['bad_signature', /agree/, hop(sealedBody, { ...hopHeader, sender: 'H09' })],
  'other reference outside': ['bad_signature', /agree/, hop(sealedBody, { ...hopHeader, senderRef: 'x' })],
  'other action outside': [
    'bad_signature',
    /agree/,
    hop(sealedBody, { ...hopHeader, action: 'payment.result' }),
  ],
  'sealed by a hub that is none': ['untrusted_certificate', /neither/, sealed, { gateways: [] }],
  'outer signature exchanged': [
    'bad_signature',
    /./,
    Buffer.from(Buffer.from(sealed).toString().replace('d-1', 'd-2')),
  ],
}

describe('sealed envelopes', () => {
  it('opens the one that all faults are made from', async () => {
    const opened = await openEnvelope(hop(sealedBody), deps())
    expect(opened.payload).to.deep.equal(payload)
  })

  it('opens with any of the keys held, also when the writer names none', async () => {
    const nameless = hop(
      sealedBody.replace(
        /<ds:KeyInfo><ds:KeyName>[^<]*<\/ds:KeyName><\/ds:KeyInfo>(?=<xenc:CipherData>)/,
        '',
      ),
    )
    expect(nameless.toString()).to.not.include('KeyName')
    const opened = await openEnvelope(nameless, deps({ decryptionKeys: [otherReceiver, receiver] }))
    expect(opened.payload).to.deep.equal(payload)
  })

  for (const [name, [code, reason, bytes, overrides]] of Object.entries(faults)) {
    it(`refuses ${name}: ${code}`, async () => {
      const error = await refusalOf(bytes, overrides)
      expect(error).to.be.instanceOf(GatewayError)
      expect(error).to.include({ code })
      expect((error as GatewayError).reason).to.match(reason)
    })
  }

  it('seals only for RSA keys that may encrypt', async () => {
    const ec = certify('G05', newPair(), { use: 'encrypt' })
    const forSigning = certify('G05', newRsaPair())
    for (const [recipient, code] of [
      [ec, 'weak_algorithm'],
      [forSigning, 'untrusted_certificate'],
    ] as const) {
      const error: unknown = await sealEnvelope({ inner, header: hopHeader, recipient, key: hub }).catch(
        (refusal: unknown) => refusal,
      )
      expect(error).to.be.instanceOf(GatewayError).and.include({ code })
    }
  })
})
