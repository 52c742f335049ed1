import { expect } from 'chai'
import { noPace } from '../../../schemas/pace.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, claimOne, deliveryOf, endingOf, leaseOf, recordWith, t0 } from './builders.ts'

const rule = (now: number, wish: { threshold?: number; atOnce?: boolean } = {}) => ({
  now,
  threshold: 3,
  atOnce: false,
  openForMs: (openings: number) => openings * 1000,
  ...wish,
})

const untouched = { paused: false, pauseReason: null, pace: noPace, shutUntil: 0 }

forEachEngine('pause and breaker', (engine) => {
  it('opens after the threshold, and at once for a fault', () =>
    withStore(engine, async ({ store }) => {
      expect(await store.recordFailures('B01', 2, rule(t0))).to.deep.include({
        failures: 2,
        openUntil: 0,
        openings: 0,
      })
      expect(await store.recordFailures('B01', 1, rule(t0))).to.deep.include({
        openUntil: t0 + 1000,
        openings: 1,
      })
      expect(await store.recordFailures('B02', 1, rule(t0, { atOnce: true }))).to.deep.include({
        openUntil: t0 + 1000,
      })
    }))

  it('stays open for late failures, and opens for longer after a failed probe', () =>
    withStore(engine, async ({ store }) => {
      await store.recordFailures('B01', 3, rule(t0))
      expect(await store.recordFailures('B01', 1, rule(t0 + 500))).to.deep.include({
        openUntil: t0 + 1000,
        openings: 1,
      })
      expect(await store.recordFailures('B01', 1, rule(t0 + 1500))).to.deep.include({
        openUntil: t0 + 3500,
        openings: 2,
      })
    }))

  it('counts failures of several processes together', () =>
    withStore(engine, async ({ store, connect }) => {
      const stores = [store, await connect('w2'), await connect('w3')]
      const never = (now: number) => rule(now, { threshold: 1000 })
      await Promise.all([...stores, ...stores].map((each) => each.recordFailures('B01', 2, never(t0))))
      expect(await store.agencyStates()).to.deep.equal([
        { ...untouched, agency: 'B01', failures: 12, openUntil: 0, openings: 0, closedAt: 0 },
      ])
    }))

  it('forgets failures at a success, and writes nothing when there is nothing to forget', () =>
    withStore(engine, async ({ store }) => {
      await store.recordSuccess('B01', t0)
      expect(await store.agencyStates()).to.deep.equal([])
      await store.recordFailures('B01', 2, rule(t0))
      await store.recordSuccess('B01', t0 + 1)
      expect(await store.agencyStates()).to.deep.equal([
        { ...untouched, agency: 'B01', failures: 0, openUntil: 0, openings: 0, closedAt: 0 },
      ])
    }))

  it('gives nothing out while paused or open, and everything afterwards', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf()
      await store.acceptMany([sent])
      const refuses = async (now: number) => {
        expect(await store.leaseDue('B01', 5, leaseOf('r', now))).to.deep.equal([])
        expect(await store.claimMany([deliveryOf(sent)], leaseOf('w', now))).to.deep.equal([])
        expect(await store.takeMany('B01', 5, leaseOf('w', now))).to.deep.equal([])
      }
      await store.setPaused('B01', true, t0)
      await refuses(t0 + 10)
      await store.setPaused('B01', false, t0 + 20)
      await store.recordFailures('B01', 3, rule(t0 + 20))
      await refuses(t0 + 1019)
      expect(await store.leaseDue('B01', 5, leaseOf('r', t0 + 1020))).to.deep.equal([deliveryOf(sent)])
    }))

  it('lets one caller probe a breaker whose time is over, and another when that probe is lost', () =>
    withStore(engine, async ({ store, connect }) => {
      const other = await connect('w2')
      expect(await store.takeProbe('B01', t0, t0 + 100)).to.equal(false)
      await store.recordFailures('B01', 3, rule(t0))
      expect(await store.takeProbe('B01', t0 + 999, t0 + 1100)).to.equal(false)
      const at = t0 + 1000
      const taken = await Promise.all(
        [store, other, store, other].map((each) => each.takeProbe('B01', at, at + 100)),
      )
      expect(taken.filter(Boolean)).to.have.lengthOf(1)
      expect(await other.takeProbe('B01', at + 99, at + 200)).to.equal(false)
      expect(await other.takeProbe('B01', at + 100, at + 200)).to.equal(true)
      await store.setPaused('B01', true, at + 300)
      expect(await store.takeProbe('B01', at + 300, at + 400)).to.equal(false)
    }))

  it('closes at a success, and makes due what was put off meanwhile, for this recipient only', () =>
    withStore(engine, async ({ store }) => {
      const [mine, theirs] = [acceptanceOf(), acceptanceOf({ recipients: ['B02'] })]
      await store.acceptMany([mine, theirs])
      for (const one of [mine, theirs]) {
        const owner = await claimOne(store, deliveryOf(one))
        await recordWith(store, [endingOf(deliveryOf(one), owner, { state: 'due', dueAt: t0 + 900_000 })])
      }
      await store.recordFailures('B01', 3, rule(t0))
      await store.recordSuccess('B01', t0 + 2000)
      expect(await store.agencyStates()).to.deep.equal([
        { ...untouched, agency: 'B01', failures: 0, openUntil: 0, openings: 0, closedAt: t0 + 2000 },
      ])
      expect(await store.dueAgencies(t0 + 2000)).to.deep.equal(['B01'])
    }))

  it('burns no age while paused or not closed', () =>
    withStore(engine, async ({ store }) => {
      const before = acceptanceOf({ receivedAt: t0 })
      await store.acceptMany([before])
      await store.setPaused('B01', true, t0 + 100)
      const during = acceptanceOf({ receivedAt: t0 + 150 })
      await store.acceptMany([during])
      await store.recordFailures('B01', 3, rule(t0 + 180))
      await store.setPaused('B01', false, t0 + 200)
      const ages = async (now: number) => {
        const found = await Promise.all(
          [before, during].map((one) => store.findClaimed(deliveryOf(one), now)),
        )
        return found.map((one) => one?.ageMs)
      }
      expect(await ages(t0 + 1000)).to.deep.equal([100, 0])
      expect(await ages(t0 + 5000)).to.deep.equal([100, 0])
      await store.recordSuccess('B01', t0 + 6000)
      expect(await ages(t0 + 6010)).to.deep.equal([110, 10])
    }))
})
