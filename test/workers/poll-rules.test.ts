import { expect } from 'chai'
import fc from 'fast-check'
import type { IntakeResult } from '../../adapters/agencies/dialect.ts'
import { answerOf, GatewayError, type ErrorCode } from '../../schemas/errors.ts'
import { createPatience } from '../../workers/patience.ts'
import { fateOf, hasFailed, nextPollAt, noFates, verdictOf } from '../../workers/poll-rules.ts'

const receipt = { receipt: {} as never, jws: 'a.b.c' }
const accepted: IntakeResult = { kind: 'accepted', id: 'i', state: 'accepted', receipt }
const repeat: IntakeResult = { kind: 'repeat', id: 'i', state: 'delivered', receipt }

function refused(code: ErrorCode): IntakeResult {
  const error = answerOf(new GatewayError(code, { field: 'DocumentId', reason: 'missing' }))
  return { kind: 'refused', error, status: 400, receipt: null }
}

const judged = (...results: IntakeResult[]) => fateOf(results, verdictOf(results))

describe('what a partner is told of a thing that it held', () => {
  it('is told that it is taken, the first time and again', () => {
    expect(verdictOf([accepted, repeat])).to.deep.equal({ kind: 'taken' })
    expect(verdictOf([])).to.deep.equal({ kind: 'taken' })
    expect([judged(accepted), judged(accepted, repeat), judged(repeat), judged()]).to.deep.equal([
      ...['taken', 'taken', 'repeated', 'taken'],
    ])
  })

  it("is told of a fault of the thing's own, with its reason", () => {
    expect(verdictOf([refused('invalid_field')])).to.deep.equal({
      kind: 'refused',
      code: 'invalid_field',
      reason: 'DocumentId: missing',
    })
    expect(judged(refused('malformed_xml'))).to.equal('refused')
  })

  it('is told nothing where our side or our registry must change first', () => {
    for (const code of ['forbidden', 'unroutable', 'body_suspended', 'body_draining', 'internal'] as const)
      expect(judged(refused(code)), code).to.equal('left')
  })
})

describe('when a partner is asked again', () => {
  const poll = { now: 1_000_000, everyMs: 60_000, failures: 0, hasMore: false, random: 0 }

  it('is asked after its interval, and at once where more waits', () => {
    expect(nextPollAt(poll)).to.equal(1_060_000)
    expect(nextPollAt({ ...poll, hasMore: true })).to.equal(1_000_000)
  })

  it('is asked later with every failure, never sooner than its interval, never later than that or an hour', () => {
    const delays = [1, 2, 5, 9, 20].map((failures) => nextPollAt({ ...poll, failures }) - poll.now)
    expect(delays).to.deep.equal([60_000, 60_000, 160_000, 2_560_000, 3_600_000])
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.nat(7_200_000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (...given) => {
          const [failures, everyMs, random] = given
          const at = nextPollAt({ ...poll, failures, everyMs, random }) - poll.now
          expect(at).to.be.within(everyMs, Math.max(everyMs, 3_600_000))
        },
      ),
    )
  })

  it('has failed where nothing came of it but failures', () => {
    expect(hasFailed({ ...noFates, failed: 3 })).to.equal(true)
    expect(hasFailed({ ...noFates, failed: 3, taken: 1 })).to.equal(false)
    expect(hasFailed(noFates)).to.equal(false)
  })
})

describe('patience with what cannot be taken', () => {
  it('lets a thing wait longer each time, until it is taken', () => {
    let now = 0
    const patience = createPatience({ now: () => now, random: () => 0 })
    patience.failed('a')
    expect([patience.isWaiting('a'), patience.isWaiting('b')]).to.deep.equal([true, false])
    now = 10_000
    expect(patience.isWaiting('a')).to.equal(false)
    patience.failed('a')
    now = 29_999
    expect(patience.isWaiting('a')).to.equal(true)
    patience.ended('a')
    expect(patience.isWaiting('a')).to.equal(false)
  })
})
