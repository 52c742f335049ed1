import { expect } from 'chai'
import fc from 'fast-check'
import { affordable, noPace, Pace, paidAfter, shutUntil } from '../../schemas/pace.ts'

const utc = (text: string) => Date.parse(text)
const night = { days: [1, 2, 3, 4, 5], from: '22:00', to: '24:00' }
const morning = { days: [2, 3, 4, 5, 6], from: '00:00', to: '05:30' }
const paceOf = (windows: Pace['windows']) => ({ ...noPace, windows })

describe('the hours of a pace', () => {
  it('are always where none are named', () => {
    expect(shutUntil(noPace, utc('2026-03-02T00:00:00Z'))).to.equal(0)
  })

  it('are those of Asia/Ho_Chi_Minh, from inclusive, to exclusive, over midnight by two windows', () => {
    const pace = paceOf([night, morning])
    const opening = utc('2026-03-02T15:00:00Z') // Monday 22:00 there
    const ending = utc('2026-03-02T22:30:00Z') // Tuesday 05:30 there
    expect(shutUntil(pace, opening - 1)).to.equal(opening)
    expect(shutUntil(pace, opening)).to.equal(0)
    expect(shutUntil(pace, utc('2026-03-02T17:00:00Z'))).to.equal(0)
    expect(shutUntil(pace, ending - 1)).to.equal(0)
    expect(shutUntil(pace, ending)).to.equal(utc('2026-03-03T15:00:00Z'))
  })

  it('come again after a week', () => {
    const sundays = paceOf([{ days: [7], from: '06:00', to: '07:00' }])
    const opening = utc('2026-02-28T23:00:00Z') // Sunday 06:00 there
    expect(shutUntil(sundays, opening)).to.equal(0)
    expect(shutUntil(sundays, opening + 3_600_000)).to.equal(opening + 7 * 86_400_000)
  })

  it('are refused where they end before they begin or name no time', () => {
    for (const wrong of [
      { ...night, to: '21:00' },
      { ...night, from: '7:00' },
      { ...night, to: '24:01' },
      { ...night, days: [0] },
    ])
      expect(Pace.safeParse({ windows: [wrong] }).success, JSON.stringify(wrong)).to.equal(false)
  })
})

describe('the rate of a pace', () => {
  it('lets a quarter of a second go at once, never more than the rate afterwards, and loses no time', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 1000, noNaN: true }),
        fc.array(fc.record({ waitMs: fc.nat(3000), want: fc.nat(2000) }), { minLength: 1, maxLength: 50 }),
        (perSecond, asks) => {
          const begin = 1_780_000_000_000
          let [now, paid, started] = [begin, 0, 0]
          for (const { waitMs, want } of asks) {
            now += waitMs
            const grant = Math.min(want, affordable(perSecond, paid, now))
            if (grant > 0) paid = paidAfter(perSecond, paid, { now, started: grant })
            started += grant
          }
          const burst = Math.max(1, Math.ceil(perSecond / 4))
          expect(started).to.be.at.most(burst + ((now - begin) * perSecond) / 1000 + 0.001)
        },
      ),
    )
  })

  it('is kept up by one who asks often', () => {
    let [paid, started] = [0, 0]
    for (let now = 1_780_000_000_000; now < 1_780_000_010_000; now += 100) {
      const grant = affordable(50, paid, now)
      if (grant > 0) paid = paidAfter(50, paid, { now, started: grant })
      started += grant
    }
    expect(started).to.be.within(495, 515)
  })

  it('lets everything go where there is none', () => {
    expect(affordable(null, 5, 0)).to.equal(Infinity)
  })
})
