import { expect } from 'chai'
import type { Dialect, Transport } from '../../adapters/agencies/dialect.ts'
import { facade } from '../../adapters/agencies/facade/index.ts'
import type { Claimed } from '../../adapters/store/store.ts'
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
    const claimed = { recipient: 'H49', deliveryId: 'd', message } as unknown as Claimed
    const { outcome } = await createAttempt(deps as AttemptDeps)(claimed)
    expect(timeouts).to.deep.equal([40_000, 24_000])
    expect(outcome).to.include({ kind: 'retry', code: 'lease_over' })
  })
})
