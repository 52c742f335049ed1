import { expect } from 'chai'
import fc from 'fast-check'
import { encodeBase64 } from '../../../../adapters/agencies/base64.ts'
import { openParts } from '../../../../adapters/agencies/body-parts.ts'
import { edxmlDefaults } from '../../../../adapters/agencies/edxml/options.ts'
import { readCoded, type Coded } from '../../../../adapters/agencies/edxml/read-coded.ts'
import { memoryFiles } from '../../../support/memory-files.ts'
import { digestsOnly } from './signed.ts'
import { codeOf, fixture, inPieces, partsOf, read, stored } from './support.ts'

const letter = Buffer.from(fixture('letter.edxml')).toString('base64')

const readText = (text: string, pieceBytes = 64): Promise<Coded> =>
  readCoded(inPieces(Buffer.from(text), pieceBytes), edxmlDefaults, memoryFiles())

const restOf = ({ rest }: Coded): unknown => JSON.parse(Buffer.from(rest).toString())

describe('a message as base64 in an answer', () => {
  it('is read however the answer is cut and written, and the rest of the answer beside it', async () => {
    const { payload } = await read(fixture('letter.edxml'))
    const slashes = letter.replaceAll('/', '\\/').replaceAll('+', '\\u002B')
    const answers = [
      `{"status":"OK","ErrorCode":"0","ErrorDesc":"","data":"${letter}"}`,
      `{"data" : "${slashes}", "status":"OK","ErrorDesc":"\\"data\\":","ErrorCode":"0"}`,
    ]
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...answers), fc.integer({ min: 1, max: 999 }), async (text, size) => {
        const coded = await readText(text, size)
        expect(coded.document?.payload).to.deep.equal(payload)
        expect(restOf(coded)).to.deep.include({ status: 'OK', ErrorCode: '0', data: '' })
      }),
      { numRuns: 30 },
    )
  })

  it('is none where the answer has none', async () => {
    for (const text of ['{"ErrorCode":"100","ErrorDesc":"data"}', '{"data":"","code":"1"}', '{"data":null}'])
      expect(await readText(text)).to.deep.include({ document: null, rest: Buffer.from(text) })
  })

  it('is refused as any other that cannot be read, and what is beside it is bounded', async () => {
    expect(await codeOf(readText('{"data":"không"}'))).to.equal('invalid_field')
    expect(await codeOf(readText(`{"data":"${Buffer.from('<a>').toString('base64')}"}`))).to.equal(
      'malformed_xml',
    )
    expect(await codeOf(readText(`{"x":"${'a'.repeat(3_000_000)}"}`, 65_536))).to.equal('too_large')
  })

  it('holds nothing of a large one', async () => {
    const megabytes = 150
    let most = 0
    async function* large() {
      for (let at = 0; at < megabytes * 16; at += 1) {
        most = Math.max(most, process.memoryUsage().arrayBuffers)
        yield Buffer.alloc(2 ** 16, at % 251)
      }
    }
    const files = memoryFiles()
    const { payload } = await read(fixture('letter.edxml'), { files })
    const parts = partsOf(stored('document.letter', payload))
    async function* answer() {
      yield Buffer.from('{"ErrorCode":"0","data":"')
      yield* encodeBase64(openParts(parts, () => Promise.resolve(large())))
      yield Buffer.from('"}')
    }
    const before = process.memoryUsage().arrayBuffers
    const { document } = await readCoded(answer(), edxmlDefaults, digestsOnly)
    expect(document?.payload['Attachments']).to.have.nested.property('[0].Size', String(megabytes * 2 ** 20))
    expect((most - before) / 2 ** 20).to.be.below(80)
  }).timeout(120_000)
})
