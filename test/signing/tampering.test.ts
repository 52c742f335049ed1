import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import { sealEnvelope, signEnvelope } from '../../signing/envelope.ts'
import { openEnvelope } from '../../signing/open.ts'
import { canonicalize, parseXml } from '../../signing/parse-xml.ts'
import { deps, fullHeader, header, hopHeader, hub, payload, receiver, sender } from './parties.ts'

const refusal = async (bytes: Uint8Array): Promise<GatewayError | null> => {
  try {
    await openEnvelope(bytes, deps())
    return null
  } catch (error) {
    if (error instanceof GatewayError) return error
    throw error
  }
}

const whiteSpace = new Set([0x20, 0x09, 0x0a, 0x0d])

describe('axis envelope, tampered with', () => {
  /** XML itself does not tell some white space apart (a tab for the blank inside a tag): the canonical bytes are then the same. */
  const expectRefused = async (bytes: Uint8Array, at: number, value: number): Promise<void> => {
    const changed = Uint8Array.from(bytes)
    changed[at] = value
    const error = await refusal(changed)
    if (error !== null) return
    expect(
      [bytes[at], value].every((byte) => whiteSpace.has(byte ?? 0)),
      `byte ${at} to ${value}`,
    ).to.equal(true)
    expect(parseXml(changed, canonicalize)).to.deep.equal(Buffer.from(bytes))
  }

  it('refuses any change of one byte of a signed envelope', async () => {
    const bytes = await signEnvelope(fullHeader, payload, sender)
    const anyChange = fc.record({ at: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(anyChange, ({ at, by }) => expectRefused(bytes, at, (bytes[at] ?? 0) ^ by)),
      { numRuns: 1000 },
    )
  })

  it('refuses every byte of a signed envelope with its lowest bit flipped', async () => {
    const bytes = await signEnvelope(fullHeader, payload, sender)
    for (const [at, byte] of bytes.entries()) await expectRefused(bytes, at, byte ^ 1)
  })

  it('refuses any change of one byte of a sealed envelope', async () => {
    const inner = await signEnvelope(header, payload, sender)
    const bytes = await sealEnvelope({ inner, header: hopHeader, recipient: receiver.certificate, key: hub })
    const anyChange = fc.record({ at: fc.nat(bytes.length - 1), by: fc.integer({ min: 1, max: 255 }) })
    await fc.assert(
      fc.asyncProperty(anyChange, ({ at, by }) => expectRefused(bytes, at, (bytes[at] ?? 0) ^ by)),
      { numRuns: 500 },
    )
  })

  it('refuses any byte removed or put in', async () => {
    const bytes = Buffer.from(await signEnvelope(header, payload, sender))
    const anyCut = fc.record({
      at: fc.nat(bytes.length - 1),
      put: fc.constantFrom('', 'x', '<', '>', '&', '\u0000', '<a/>'),
    })
    await fc.assert(
      fc.asyncProperty(anyCut, async ({ at, put }) => {
        const changed = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(put),
          bytes.subarray(put === '' ? at + 1 : at),
        ])
        expect(await refusal(changed)).to.be.instanceOf(GatewayError)
      }),
      { numRuns: 500 },
    )
  })
})
