import { expect } from 'chai'
import fc from 'fast-check'
import { readDate, writeDate } from '../../schemas/dates.ts'

const eightFifteen = Date.UTC(2026, 10, 21, 1, 15, 0)
const midnight = Date.UTC(2026, 10, 20, 17, 0, 0)

const second = fc
  .integer({ min: Date.UTC(1, 0, 2) / 1000, max: Date.UTC(9999, 11, 30) / 1000 })
  .map((at) => at * 1000)
const digits = (n: number, width = 2) => String(n).padStart(width, '0')

describe('dates', () => {
  const forms = {
    '20261121081500': eightFifteen,
    '20261121': midnight,
    '21/11/2026': midnight,
    '21-11-2026': midnight,
    '21/11/2026 08:15:00': eightFifteen,
    '2026-11-21 08:15:00': eightFifteen,
    '2026-11-21T08:15:00': eightFifteen,
    '2026-11-21T08:15': eightFifteen,
    '2026-11-21T08:15:00.250': eightFifteen + 250,
    '2026-11-21T08:15:00.2500001': eightFifteen + 250,
    '2026-11-21T01:15:00Z': eightFifteen,
    '2026-11-21T01:15:00.5Z': eightFifteen + 500,
    '2026-11-21T08:15:00+07:00': eightFifteen,
    '2026-11-20T20:15:00-0500': eightFifteen,
    '2026-11-21': midnight,
    '2026/11/21': midnight,
    '2026/11/21 08:15:00': eightFifteen,
    '00010101000000': new Date(0).setUTCFullYear(1, 0, 1) - 7 * 3_600_000,
    '20240229000000': Date.UTC(2024, 1, 28, 17),
    '20000229000000': Date.UTC(2000, 1, 28, 17),
  }
  for (const [text, at] of Object.entries(forms))
    it(`reads ${text}`, () => expect(readDate(text)).to.equal(at))

  const refused = [
    ...['', ' ', 'hôm nay', '2026', '202611', '2026112108', '2026112108150', '202611210815000'],
    ...[
      '20260230000000',
      '20250229000000',
      '19000229000000',
      '20261301000000',
      '20260001000000',
      '20261100000000',
    ],
    ...['20261121240000', '20261121086000', '20261121081560', '00000101000000'],
    ...[
      '31/04/2026',
      '11/21/2026',
      '1/2/2026',
      '21/11-2026',
      '21.11.2026',
      '2026-11/21',
      '2026-11-21T8:15:00',
    ],
    ...[
      '2026-11-21T08:15:00+15:00',
      '2026-11-21T08:15:00+07:60',
      '2026-11-21T08:15:00 ICT',
      '20261121081500Z',
    ],
    ...[' 20261121081500', '20261121081500\n', '２０２６１１２１０８１５００', '-20261121081500'],
  ]
  for (const text of refused)
    it(`refuses ${JSON.stringify(text)}`, () => expect(readDate(text)).to.equal(null))

  it('reads back what it writes', () => {
    fc.assert(fc.property(second, (at) => readDate(writeDate(at)) === at))
  })

  it('writes fourteen digits that sort as the moments do', () => {
    fc.assert(
      fc.property(second, second, (a, b) => {
        expect(writeDate(a)).to.match(/^\d{14}$/)
        expect(Math.sign(a - b)).to.equal(Math.sign(Number(writeDate(a)) - Number(writeDate(b))))
      }),
    )
  })

  it('takes every second of the calendar and nothing outside it', () => {
    const part = (max: number) => fc.integer({ min: 0, max })
    const parts = fc.tuple(
      fc.integer({ min: 100, max: 9999 }),
      part(13),
      part(32),
      part(24),
      part(60),
      part(60),
    )
    fc.assert(
      fc.property(parts, ([year, month, day, hour, minute, second]) => {
        const text = digits(year, 4) + [month, day, hour, minute, second].map((n) => digits(n)).join('')
        const utc = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
        const real = utc.toISOString().replace(/\D/g, '').slice(0, 14) === text
        expect(readDate(text)).to.equal(real ? utc.getTime() - 7 * 3_600_000 : null)
      }),
      { numRuns: 1000 },
    )
  })

  it('reads any zone as the moment it names', () => {
    fc.assert(
      fc.property(second, (at) => {
        const iso = new Date(at).toISOString()
        expect(readDate(iso)).to.equal(at)
        expect(readDate(iso.replace('Z', '+00:00'))).to.equal(at)
      }),
    )
  })

  it('answers null to text of any kind, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const at = readDate(text)
        expect(at === null || Number.isSafeInteger(at)).to.equal(true)
      }),
    )
  })

  it('writes no year that has more or fewer than four digits', () => {
    for (const at of [Date.UTC(10_000, 0, 2), new Date(0).setUTCFullYear(0, 0, 1), Number.NaN])
      expect(() => writeDate(at)).to.throw(RangeError)
  })
})
