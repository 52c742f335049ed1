import { expect } from 'chai'
import { forEachEngine, withStore } from '../../support/database.ts'
import { t0 } from './builders.ts'

const leaseMs = 60_000
const leaseOf = (owner: string, now = t0) => ({ owner, now, until: now + leaseMs })

forEachEngine('leases on asking a body', (engine) => {
  it('goes to one of many processes that ask at once', () =>
    withStore(engine, async ({ store, connect }) => {
      const stores = [store, await connect('w2'), await connect('w3')]
      const taken = await Promise.all(stores.map((each, at) => each.takePoll('B01', leaseOf(`w${at}`))))
      expect(taken.filter((lease) => lease !== null)).to.deep.equal([{ failures: 0, mark: null }])
      expect(await store.restingPolls(t0)).to.deep.equal(new Set(['B01']))
    }))

  it('ends by itself when its owner is gone, and is kept by an owner that is there', () =>
    withStore(engine, async ({ store }) => {
      await store.takePoll('B01', leaseOf('w1'))
      expect(await store.takePoll('B01', leaseOf('w2', t0 + leaseMs - 1))).to.equal(null)
      expect(await store.keepPoll('B01', { owner: 'w1', until: t0 + 2 * leaseMs })).to.equal(true)
      expect(await store.takePoll('B01', leaseOf('w2', t0 + leaseMs))).to.equal(null)
      expect(await store.takePoll('B01', leaseOf('w2', t0 + 2 * leaseMs))).to.deep.equal({
        failures: 0,
        mark: null,
      })
      expect(await store.keepPoll('B01', { owner: 'w1', until: t0 + 9 * leaseMs })).to.equal(false)
    }))

  it('rests until its time, and remembers its failures', () =>
    withStore(engine, async ({ store }) => {
      await store.takePoll('B01', leaseOf('w1'))
      await store.endPoll('B01', 'w1', { dueAt: t0 + 10_000, failures: 3 })
      expect(await store.restingPolls(t0 + 9_999)).to.deep.equal(new Set(['B01']))
      expect(await store.takePoll('B01', leaseOf('w2', t0 + 9_999))).to.equal(null)
      expect(await store.restingPolls(t0 + 10_000)).to.deep.equal(new Set())
      expect(await store.takePoll('B01', leaseOf('w2', t0 + 10_000))).to.deep.equal({
        failures: 3,
        mark: null,
      })
    }))

  it('is not ended by one who has lost it', () =>
    withStore(engine, async ({ store }) => {
      await store.takePoll('B01', leaseOf('w1'))
      await store.takePoll('B01', leaseOf('w2', t0 + leaseMs))
      await store.endPoll('B01', 'w1', { dueAt: t0, failures: 0 })
      expect(await store.restingPolls(t0 + leaseMs)).to.deep.equal(new Set(['B01']))
    }))

  it('remembers how far a list was settled, by its owner alone', () =>
    withStore(engine, async ({ store }) => {
      await store.takePoll('B01', leaseOf('w1'))
      await store.markPoll('B01', 'w1', '65f0a')
      await store.markPoll('B01', 'w2', '65f0b')
      expect(await store.takePoll('B01', leaseOf('w2', t0 + leaseMs))).to.deep.equal({
        failures: 0,
        mark: '65f0a',
      })
    }))

  it('remembers what was settled of a list, thing by thing, whatever their names', () =>
    withStore(engine, async ({ store }) => {
      const settle = (list: string, name: string, version: string | null) =>
        store.settleThing('B01', { list, name, version })
      await settle('cau-hoi', '550001', 'v1')
      await settle('cau-hoi', 'Đ', 'v1')
      await settle('cau-hoi', 'đ', 'v2')
      await settle('cau-hoi', '550001', 'v3')
      await settle('thu-tuc', '550001', 'v1')
      await settle('thu-tuc', '550002', 'v1')
      await settle('thu-tuc', '550001', null)
      expect([...(await store.settledThings('B01', 'cau-hoi'))].sort()).to.deep.equal(
        [
          ['550001', 'v3'],
          ['Đ', 'v1'],
          ['đ', 'v2'],
        ].sort(),
      )
      expect([...(await store.settledThings('B01', 'thu-tuc'))]).to.deep.equal([['550002', 'v1']])
      expect((await store.settledThings('B02', 'cau-hoi')).size).to.equal(0)
    }))
})
