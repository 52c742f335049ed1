import { expect } from 'chai'
import { GatewayError, type ErrorCode } from '../../schemas/errors.ts'
import { authenticationMethods } from '../../schemas/agency.ts'
import { sealEnvelope, signEnvelope, type EnvelopeHeader } from '../../signing/envelope.ts'
import type { SigningKey } from '../../signing/keys.ts'
import { openEnvelope, type OpenDeps } from '../../signing/open.ts'
import { certify, deps, header, hopHeader, hub, known, newPair, now, payload, receiver } from './parties.ts'
import { registryOf, sender } from './parties.ts'
import { signingKey } from '../../signing/keys.ts'

const authenticatedBy = { method: 'key', credentialId: 'k-1' } as const
/** What the hub seals at intake for a body that has not signed. */
const vouched: EnvelopeHeader = { ...header, sealedBy: 'TRUC', authenticatedBy }

const strangerPair = newPair()
const stranger = signingKey(strangerPair.privateKey, certify('H02', strangerPair))
const ownerOf = registryOf([known('H01', sender), known('TRUC', hub), known('H02', stranger)])

const plain = (said: EnvelopeHeader, key: SigningKey) => signEnvelope(said, payload, key)
const wrapped = async (said: EnvelopeHeader, key: SigningKey, hop: EnvelopeHeader, hopKey: SigningKey) =>
  sealEnvelope({
    inner: await plain(said, key),
    header: hop,
    recipient: receiver.certificate,
    key: hopKey,
  })

interface Attack {
  readonly bytes: () => Promise<Uint8Array>
  readonly code: ErrorCode
  readonly field?: string
  readonly overrides?: Partial<OpenDeps>
}

const attacks: Readonly<Record<string, Attack>> = {
  "a body's key over SealedBy of the hub": {
    bytes: () => plain(vouched, sender),
    code: 'untrusted_certificate',
  },
  "another body's key over SealedBy of the hub": {
    bytes: () => plain(vouched, stranger),
    code: 'untrusted_certificate',
  },
  "the hub's key over SealedBy of the body": {
    bytes: () => plain(header, hub),
    code: 'untrusted_certificate',
  },
  'a body that seals for another body': {
    bytes: () => plain({ ...vouched, sealedBy: 'H02' }, stranger),
    code: 'untrusted_certificate',
  },
  "a body's own envelope that says how the body was authenticated": {
    bytes: () => plain({ ...header, authenticatedBy }, sender),
    code: 'malformed_xml',
    field: 'AuthenticatedBy',
  },
  "a hub's envelope for a body that does not say how the body was authenticated": {
    bytes: () => plain({ ...vouched, authenticatedBy: undefined } as unknown as EnvelopeHeader, hub),
    code: 'malformed_xml',
    field: 'AuthenticatedBy',
  },
  "the same inside the hub's seal": {
    bytes: () => wrapped({ ...header, sealedBy: 'TRUC' }, hub, hopHeader, hub),
    code: 'malformed_xml',
    field: 'AuthenticatedBy',
  },
  "a body's claim inside the hub's seal": {
    bytes: () => wrapped({ ...header, authenticatedBy }, sender, hopHeader, hub),
    code: 'malformed_xml',
    field: 'AuthenticatedBy',
  },
  "the hub's seal that says how what it carries was authenticated": {
    bytes: () => wrapped(header, sender, { ...hopHeader, authenticatedBy }, hub),
    code: 'malformed_xml',
    field: 'AuthenticatedBy',
  },
  "a body's key inside, as the hub": {
    bytes: () => wrapped(vouched, sender, hopHeader, hub),
    code: 'untrusted_certificate',
  },
  "the hub's statement of one body inside its seal for another": {
    bytes: () => wrapped(vouched, hub, { ...hopHeader, sender: 'H02' }, hub),
    code: 'bad_signature',
    field: 'sender',
  },
  "a body's own envelope with an id of the hub's": {
    bytes: () => plain({ ...header, messageId: 'm-1' }, sender),
    code: 'malformed_xml',
    field: 'messageId',
  },
  "a body's own envelope with the hub's time": {
    bytes: () => plain({ ...header, receivedAt: now }, sender),
    code: 'malformed_xml',
    field: 'receivedAt',
  },
  "the hub's statement, handed in where nobody seals for others": {
    bytes: () => plain(vouched, hub),
    code: 'untrusted_certificate',
    overrides: { gateways: [] },
  },
}

describe('whose seal an envelope bears', () => {
  for (const method of authenticationMethods)
    it(`opens what the hub sealed for a body known by its ${method}, as the hub's statement`, async () => {
      const said = { ...vouched, authenticatedBy: { method, credentialId: 'k-1' } }
      const alone = await openEnvelope(await plain(said, hub), deps({ ownerOf }))
      expect([alone.header, alone.payload]).to.deep.equal([said, payload])
      const delivered = await openEnvelope(await wrapped(said, hub, hopHeader, hub), deps({ ownerOf }))
      expect([delivered.header, delivered.outerHeader]).to.deep.equal([said, hopHeader])
    })

  it('takes the hub for its own sender without a word of authentication', async () => {
    const own = { ...header, sender: 'TRUC', sealedBy: 'TRUC' }
    expect((await openEnvelope(await plain(own, hub), deps({ ownerOf }))).header).to.deep.equal(own)
  })

  for (const [name, { bytes, code, field, overrides }] of Object.entries(attacks))
    it(`refuses ${name}: ${code}`, async () => {
      const error: unknown = await openEnvelope(await bytes(), deps({ ownerOf, ...overrides })).then(
        () => null,
        (refusal: unknown) => refusal,
      )
      expect(error).to.be.instanceOf(GatewayError)
      expect(error).to.include(field === undefined ? { code } : { code, field })
    })
})
