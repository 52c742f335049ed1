import { expect } from 'chai'
import type { Dialect } from '../../adapters/agencies/dialect.ts'
import { mailbox } from '../../adapters/agencies/mailbox/index.ts'
import type { Claimed } from '../../adapters/store/store.ts'
import { GatewayError, type ErrorCode } from '../../schemas/errors.ts'
import { prepare, type SealDeps, type Sealing } from '../../workers/seal.ts'
import { messageOf } from '../contracts/dialect.ts'
import { sender } from '../signing/parties.ts'
import { createParty } from '../support/parties.ts'

const block = { id: 'k1', xml: '<a Id="k1"/>' }

/** What becomes of a body that asks for a signature over a block and a file. */
function prepared(xml: string, open: SealDeps['openParts']): Promise<Sealing> {
  const sign = {
    blocks: [{ ...block, xml }],
    files: [{ uri: 'cid:t', content: [{ file: 'f' }] }],
  }
  const dialect: Dialect = {
    ...mailbox,
    encode: () => ({
      ...{ kind: 'encoded', seal: 'none', contentType: 'text/plain', headers: {} },
      ...{ body: new Uint8Array(0), parts: ['trước ', { sign }, { file: 'f' }] },
    }),
  }
  const deps: Partial<SealDeps> = {
    ...{ dialectOf: () => dialect, publicUrl: null, openParts: open, sealKey: sender },
  }
  const claimed = { recipient: 'H49', deliveryId: 'd', message: messageOf('document.letter') }
  return prepare(claimed as unknown as Claimed, createParty({ code: 'H49' }).agency, deps as SealDeps)
}

async function* file() {
  yield Buffer.from('tệp')
}

const failing = (code: ErrorCode): SealDeps['openParts'] =>
  async function* () {
    yield Buffer.from('một phần')
    throw new GatewayError(code)
  }

describe('a body that asks for a signature', () => {
  it('has it in its place, over its blocks and the bytes of its files; the rest is as it was', async () => {
    const sealing = await prepared(block.xml, file)
    if (sealing.kind === 'unsealable') throw new Error(sealing.reason)
    const [before, signature, after] = sealing.encoded.parts ?? []
    expect([before, after]).to.deep.equal(['trước ', { file: 'f' }])
    expect(signature).to.match(/^<ds:Signature .*URI='#k1'.*URI='cid:t'.*<\/ds:Signature>$/)
  })

  it('is held for a person where a block or a file cannot be signed', async () => {
    expect(await prepared('<a Id="k1">', file)).to.include({ code: 'malformed_xml' })
    expect(await prepared(block.xml, failing('not_found'))).to.include({ code: 'not_found' })
  })

  it('is tried again where the store of files does not answer', async () => {
    const refused = await prepared(block.xml, failing('unavailable')).catch((error: unknown) => String(error))
    expect(refused).to.match(/unavailable/)
  })
})
