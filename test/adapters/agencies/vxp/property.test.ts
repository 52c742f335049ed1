import { expect } from 'chai'
import fc from 'fast-check'
import { openParts } from '../../../../adapters/agencies/body-parts.ts'
import { argumentsOf, headerOf } from '../../../../adapters/agencies/vxp/arguments.ts'
import { signedHeaders } from '../../../../adapters/agencies/vxp/call.ts'
import { unpadded } from '../../../../adapters/agencies/vxp/file-hash.ts'
import { vxp } from '../../../../adapters/agencies/vxp/index.ts'
import { VxpOptions } from '../../../../adapters/agencies/vxp/options.ts'
import { contentsOf, takeEdoc } from '../../../../adapters/agencies/vxp/send-edoc.ts'
import type { Payload } from '../../../../schemas/message.ts'
import { sha256 } from '../../../../signing/digest.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { unsigned } from '../../../support/parts.ts'
import { body, secret } from '../../../support/vxp.ts'
import { stored } from '../edxml/support.ts'

const text = fc
  .string({ unit: fc.constantFrom('a', 'Đ', ' ', 'ộ', '&', '<', '"', '9', '/'), minLength: 1, maxLength: 60 })
  .filter((value) => value.trim() !== '')
const codes = fc.uniqueArray(
  fc.integer({ min: 10, max: 99 }).map((n) => `H${n}`),
  { minLength: 1, maxLength: 80 },
)

const letterOf = (Subject: string, to: readonly string[]): Payload => ({
  ...{ DocumentId: 'H49.05,2026/11/20,27/STN-KT', From: { OrganId: 'H49.05' }, Subject },
  To: to.map((OrganId) => ({ OrganId })),
  ...{ DocumentType: { Type: '2' }, OtherInfo: { Priority: '0' }, SteeringType: '0' },
  TraceHeaderList: { TraceHeader: [{ OrganId: 'H49.05', Timestamp: '20261120104005' }] },
  Bussiness: { BussinessDocType: '0' },
})

const statusOf = (Description: string, to: string): Payload => ({
  ...{ DocumentId: 'd-1', From: { OrganId: 'H49.05' }, StatusCode: '03', Description },
  ...{ ResponseFor: { OrganId: to, DocumentId: 'd-1' }, Timestamp: '20261122080000' },
})

/** What we send is taken in by our own door, by another process and under another secret's account. */
async function through(
  action: 'document.letter' | 'document.status',
  payload: Payload,
  generation: '2016' | '2022',
) {
  const files = memoryFiles()
  const agency = body('H49', { options: { generation } })
  const encoded = vxp.encode(stored(action, payload), agency)
  if (encoded.kind === 'unsupported') throw new Error(encoded.reason)
  const pieces: Uint8Array[] = []
  for await (const piece of openParts(unsigned(encoded.parts ?? []), (id) => files.read(id)))
    pieces.push(piece)
  const whole = Buffer.concat(pieces)
  const hash = unpadded(sha256(whole.subarray(0, -2)))
  const signer = { systemId: 'H49.W00', secret, now: 1_780_000_000_000 }
  const headers = Object.fromEntries(
    Object.entries(signedHeaders({ 'hash-file': hash }, encoded.contentType, signer)).map(([name, value]) => [
      name.toLowerCase(),
      value,
    ]),
  )
  const request = { method: 'POST', path: '/sendEdoc', query: {}, headers, body: new Uint8Array(0) }
  const guest = { agency, options: VxpOptions.parse(agency.options) }
  const incoming = { bytes: openParts([whole.toString('utf8')], (id) => files.read(id)), keeping: files }
  const given = { args: argumentsOf(request), signature: headerOf(request, 'hash-header') }
  return contentsOf(await takeEdoc(incoming, request, guest), given, guest)
}

describe('VXP, decode of encode', () => {
  it('is the letter, for each of its recipients once, in messages of at most 32', () =>
    fc.assert(
      fc.asyncProperty(text, codes, fc.constantFrom('2016', '2022'), async (subject, to, generation) => {
        const payload = letterOf(subject, to)
        const contents = await through('document.letter', payload, generation)
        for (const content of contents) {
          expect({ ...content.payload, Attachments: undefined }).to.deep.equal({
            ...payload,
            Attachments: undefined,
          })
          expect(content.header).to.include({ sender: 'H49.05', action: 'document.letter' })
          expect(content.header.recipients.length).to.be.within(1, 32)
        }
        expect(contents.flatMap(({ header }) => header.recipients)).to.deep.equal(to)
        const keys = contents.map(({ naturalKey }) => JSON.stringify(naturalKey))
        expect(new Set(keys).size).to.equal(contents.length)
      }),
      { numRuns: 50 },
    ))

  it('is the status, for the one that it answers', () =>
    fc.assert(
      fc.asyncProperty(text, fc.constantFrom('2016', '2022'), async (description, generation) => {
        const payload = statusOf(description, 'G22')
        const [content] = await through('document.status', payload, generation)
        expect(content?.payload).to.deep.equal(payload)
        expect(content?.header).to.deep.include({ action: 'document.status', recipients: ['G22'] })
      }),
      { numRuns: 50 },
    ))
})
