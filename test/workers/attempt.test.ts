import { expect } from 'chai'
import { openParts } from '../../adapters/agencies/body-parts.ts'
import type { Dialect, Parcel, Transport } from '../../adapters/agencies/dialect.ts'
import { facade } from '../../adapters/agencies/facade/index.ts'
import { mailbox } from '../../adapters/agencies/mailbox/index.ts'
import type { Claimed } from '../../adapters/store/store.ts'
import { sha256 } from '../../signing/digest.ts'
import { createAttempt, type AttemptDeps } from '../../workers/attempt.ts'
import { messageOf } from '../contracts/dialect.ts'
import { createParty } from '../support/parties.ts'

const leaseMs = 60_000

describe('an attempt of several calls', () => {
  it('ends before its lease does, and sends nothing more when the time is over', async () => {
    let clock = 0
    const timeouts: number[] = []
    const transport: Transport = {
      post({ timeoutMs }) {
        timeouts.push(timeoutMs)
        clock += 30_000
        return Promise.resolve({ status: 200, headers: {}, body: Buffer.from('Thành công') })
      },
    }
    const { agency } = createParty({
      ...{ code: 'H49', dialect: 'facade' },
      options: { url: 'https://motcua.example.vn', timeoutMs: 40_000, stepsPerCall: 1 },
    })
    const step = { MaHoSo: 'H49-1' }
    const message = { ...messageOf('status.updated'), payload: { data: [step, step, step] } }
    const deps: Partial<AttemptDeps> = {
      directory: () => ({ agency: () => agency }) as unknown as ReturnType<AttemptDeps['directory']>,
      dialectOf: (): Dialect => facade,
      transportOf: () => transport,
      keysOf: () => ({ secrets: () => [], privateKey: () => undefined }),
      leaseMs,
      now: () => clock,
    }
    const claimed = { recipient: 'H49', deliveryId: 'd', doubtedAt: null, message } as unknown as Claimed
    const { outcome } = await createAttempt(deps as AttemptDeps)(claimed)
    expect(timeouts).to.deep.equal([40_000, 24_000])
    expect(outcome).to.include({ kind: 'retry', code: 'lease_over' })
  })
})

describe('an attempt with a body of parts', () => {
  it('writes it once to know its size and digest, and once more to send it', async () => {
    const { agency } = createParty({ code: 'H49' })
    const parts = ['đầu ', { file: 'f' }]
    const parcels: Parcel[] = []
    const dialect: Dialect = {
      ...mailbox,
      encode: () => ({
        ...{ kind: 'encoded', seal: 'none', contentType: 'text/plain', headers: {} },
        ...{ body: new Uint8Array(0), parts },
      }),
      send(parcel) {
        parcels.push(parcel)
        return Promise.resolve({ kind: 'delivered' })
      },
    }
    async function* file() {
      yield Buffer.from('tệp')
    }
    let opened = 0
    const deps: Partial<AttemptDeps> = {
      directory: () => ({ agency: () => agency }) as unknown as ReturnType<AttemptDeps['directory']>,
      dialectOf: () => dialect,
      transportOf: () => ({ post: () => Promise.reject(new Error('not called')) }),
      keysOf: () => ({ secrets: () => [], privateKey: () => undefined }),
      openParts(given) {
        opened += 1
        return openParts(given, () => Promise.resolve(file()))
      },
      ...{ leaseMs, now: Date.now },
    }
    const claimed = {
      recipient: 'H49',
      deliveryId: 'd',
      doubtedAt: null,
      message: messageOf('document.letter'),
    }
    const { sealedDigest } = await createAttempt(deps as AttemptDeps)(claimed as unknown as Claimed)
    const [streamed] = parcels.map((parcel) => parcel.streamed)
    const sent: Uint8Array[] = []
    for await (const piece of streamed?.open() ?? []) sent.push(piece)
    expect(Buffer.concat(sent).toString()).to.equal('đầu tệp')
    expect(streamed).to.include({ size: Buffer.byteLength('đầu tệp'), sha256: sealedDigest })
    expect(sealedDigest).to.equal(sha256('đầu tệp').toString('hex'))
    expect(opened).to.equal(2)
  })
})
