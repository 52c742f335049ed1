import { expect } from 'chai'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, claimOne, deliveryOf, leaseOf, t0 } from './builders.ts'

forEachEngine('what the relay asks', (engine) => {
  it('leases by priority, then due time, then id, at most as many as asked', () =>
    withStore(engine, async ({ store }) => {
      const batch = [
        acceptanceOf({ priority: 5, receivedAt: t0 }),
        acceptanceOf({ priority: 0, receivedAt: t0 + 2 }),
        acceptanceOf({ priority: 0, receivedAt: t0 + 1 }),
        acceptanceOf({ priority: 9, receivedAt: t0 }),
        acceptanceOf({ priority: 5, receivedAt: t0 }),
      ]
      await store.acceptMany(batch)
      const expected = [2, 1, 0, 4].map((i) => deliveryOf(batch[i]!))
      expect(await store.leaseDue('B01', 4, leaseOf('r', t0 + 5))).to.deep.equal(expected)
      expect((await store.inFlight(['B01'], t0 + 5)).get('B01') ?? 0).to.equal(4)
      expect(await store.leaseDue('B01', 4, leaseOf('r', t0 + 5))).to.deep.equal([deliveryOf(batch[3]!)])
    }))

  it('knows who has something due and free', () =>
    withStore(engine, async ({ store }) => {
      const batch = ['B01', 'B02', 'B03', 'b03'].map((recipient, i) =>
        acceptanceOf({ recipients: [recipient], receivedAt: t0 + i }),
      )
      await store.acceptMany(batch)
      expect(await store.dueAgencies(t0 + 1)).to.have.members(['B01', 'B02'])
      await store.leaseDue('B01', 1, leaseOf('r', t0 + 1))
      expect(await store.dueAgencies(t0 + 9)).to.have.members(['B02', 'B03', 'b03'])
      await claimOne(store, deliveryOf(batch[1]!), t0 + 9)
      expect(await store.dueAgencies(t0 + 9)).to.have.members(['B03', 'b03'])
    }))

  it('knows nobody in an empty store', () =>
    withStore(engine, async ({ store }) => {
      expect(await store.dueAgencies(t0)).to.deep.equal([])
    }))

  it('forgets leases that are over, and counts published and claimed ones alike', () =>
    withStore(engine, async ({ store }) => {
      const batch = [acceptanceOf(), acceptanceOf()]
      await store.acceptMany(batch)
      await store.leaseDue('B01', 2, leaseOf('r', t0, 1000))
      await store.claimMany([deliveryOf(batch[0]!)], leaseOf('w', t0, 2000))
      expect((await store.inFlight(['B01'], t0 + 999)).get('B01') ?? 0).to.equal(2)
      expect((await store.inFlight(['B01'], t0 + 1000)).get('B01') ?? 0).to.equal(1)
      expect(await store.leaseDue('B01', 2, leaseOf('r', t0 + 1000))).to.deep.equal([deliveryOf(batch[1]!)])
    }))

  it('never leases one delivery to two relays', () =>
    withStore(engine, async ({ store, connect }) => {
      await store.acceptMany(Array.from({ length: 30 }, () => acceptanceOf()))
      const stores = [store, await connect('w2'), await connect('w3')]
      const leased: string[] = []
      for (let round = 0; round < 40 && leased.length < 30; round += 1) {
        const parts = await Promise.all(stores.map((each) => each.leaseDue('B01', 7, leaseOf('same'))))
        leased.push(...parts.flat())
      }
      expect(leased).to.have.lengthOf(30)
      expect(new Set(leased).size).to.equal(30)
    }))
})
