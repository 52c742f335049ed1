import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { GatewayError } from '../../schemas/errors.ts'
import { openEnvelope } from '../../signing/open.ts'
import type { OpenDeps } from '../../signing/open.ts'
import { craft } from './craft.ts'
import { faults } from './faults/index.ts'
import type { Fault } from './faults/index.ts'
import { fixtureOwners, fixtures } from './fixtures.ts'
import { deps, hub, known, payload, registryOf, sender, senderRsa } from './parties.ts'

const base = [known('H01', sender), known('H01', senderRsa), known('TRUC', hub)]

const expectRefusal = async (
  bytes: Uint8Array,
  ownerOf: OpenDeps['ownerOf'],
  { code, reason }: Fault,
): Promise<void> => {
  const error: unknown = await openEnvelope(bytes, deps({ ownerOf })).then(
    () => null,
    (refusal: unknown) => refusal,
  )
  expect(error, 'it was opened').to.be.instanceOf(GatewayError)
  expect(error).to.include({ code })
  expect((error as GatewayError).reason).to.match(reason)
}

describe('faulty envelopes', () => {
  const ownerOf = fixtureOwners()

  it('has a fixture for every fault, and no other', () => {
    const files = readdirSync(fixtures).filter((name) => name.endsWith('.xml'))
    expect(files.sort()).to.deep.equal(
      [...Object.keys(faults).map((name) => `${name}.xml`), 'valid.xml'].sort(),
    )
  })

  it('opens the envelope without a fault, from the file and freshly made', async () => {
    const kept = await openEnvelope(readFileSync(new URL('valid.xml', fixtures)), deps({ ownerOf }))
    const fresh = await openEnvelope(Buffer.from(craft({})), deps())
    expect([kept.payload, fresh.payload]).to.deep.equal([payload, payload])
  })

  for (const [name, fault] of Object.entries(faults)) {
    it(`refuses ${name}: ${fault.code}`, async () => {
      await expectRefusal(readFileSync(new URL(`${name}.xml`, fixtures)), ownerOf, fault)
      await expectRefusal(Buffer.from(fault.xml), registryOf([...base, ...(fault.knows ?? [])]), fault)
    })
  }
})
