import { expect } from 'chai'
import fc from 'fast-check'
import { GatewayError } from '../../schemas/errors.ts'
import { createRateLimit, createTokenBucket } from '../../routes/limits.ts'

const gaps = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 })

describe('the token bucket', () => {
  it('never lets more through than the burst and what flowed in since', () => {
    fc.assert(
      fc.property(
        gaps,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 20 }),
        (waits, perSecond, burst) => {
          const bucket = createTokenBucket({ perSecond, burst })
          let now = 1_000
          let through = 0
          for (const wait of waits) {
            now += wait
            if (bucket.take(now) === 0) through += 1
            expect(through).to.be.at.most(burst + (perSecond * (now - 1_000)) / 1000 + 1e-6)
          }
        },
      ),
    )
  })

  it('lets a caller through who waits as long as it is told', () => {
    fc.assert(
      fc.property(gaps, fc.integer({ min: 1, max: 50 }), (waits, perSecond) => {
        const bucket = createTokenBucket({ perSecond, burst: 1 })
        let now = 0
        for (const gap of waits) {
          now += gap
          const waitSeconds = bucket.take(now)
          if (waitSeconds === 0) continue
          now += waitSeconds * 1000 + 1e-3
          expect(bucket.take(now)).to.equal(0)
        }
      }),
    )
  })

  it('does not fill when the clock goes back', () => {
    const bucket = createTokenBucket({ perSecond: 1, burst: 1 })
    expect(bucket.take(10_000)).to.equal(0)
    expect(bucket.take(0)).to.be.above(0)
  })
})

describe('the rate of a body', () => {
  it('counts each key by itself', () => {
    const limit = createRateLimit({ perSecond: 1, burst: 1 })
    limit('a', 0)
    limit('b', 0)
    expect(() => limit('a', 0))
      .to.throw(GatewayError)
      .with.property('code', 'too_many_requests')
  })
})
