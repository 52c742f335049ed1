import { expect } from 'chai'
import fc from 'fast-check'
import { noPace } from '../../schemas/pace.ts'
import { breakerOpenMs, breakerPhase, nextAttemptAt, windowSize } from '../../workers/clocks.ts'

const closed = {
  agency: 'H49',
  paused: false,
  pauseReason: null,
  pace: noPace,
  shutUntil: 0,
  failures: 0,
  openUntil: 0,
  openings: 0,
  closedAt: 0,
}

describe('the retry clock', () => {
  it('doubles from 10 s to 1 h, less at most a half by chance', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, random) => {
          const wait = nextAttemptAt({ attempts, now: 0, random })
          const full = Math.min(3_600_000, 10_000 * 2 ** (attempts - 1))
          expect(wait).to.be.within(full / 2, full)
        },
      ),
    )
  })

  it('never goes before the time the recipient asked for, but for at most an hour', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 100_000 }),
        (attempts, afterSeconds) => {
          const wait = nextAttemptAt({ attempts, now: 0, random: 0.5, afterSeconds })
          expect(wait).to.be.at.least(Math.min(afterSeconds * 1000, 3_600_000))
        },
      ),
    )
  })
})

describe('the breaker', () => {
  it('opens for 5 s doubling to 5 minutes', () => {
    expect([1, 2, 3, 7, 50].map(breakerOpenMs)).to.deep.equal([5_000, 10_000, 20_000, 300_000, 300_000])
  })

  it('is closed, open, then may be probed', () => {
    const open = { ...closed, openUntil: 100 }
    expect([
      breakerPhase(undefined, 5),
      breakerPhase(closed, 5),
      breakerPhase(open, 99),
      breakerPhase(open, 100),
    ]).to.deep.equal(['closed', 'closed', 'open', 'probe'])
  })
})

describe('the window', () => {
  it('is nothing while paused or open, one while probing, and doubles from one after a return', () => {
    expect(windowSize(64, { ...closed, paused: true }, 1_000)).to.equal(0)
    expect(windowSize(64, { ...closed, openUntil: 2_000 }, 1_000)).to.equal(0)
    expect(windowSize(64, { ...closed, shutUntil: 1_000_001 }, 1_000_000)).to.equal(0)
    expect(windowSize(64, { ...closed, shutUntil: 1_000_000 }, 1_000_000)).to.equal(64)
    expect(windowSize(64, { ...closed, openUntil: 1_000 }, 1_000)).to.equal(1)
    const ramp = [0, 250, 500, 1_000, 1_500, 60_000].map((since) =>
      windowSize(64, { ...closed, closedAt: 1_000_000 }, 1_000_000 + since),
    )
    expect(ramp).to.deep.equal([1, 2, 4, 16, 64, 64])
  })

  it('is whole for a recipient never seen to fail', () => {
    expect(windowSize(64, undefined, Date.now())).to.equal(64)
  })
})
