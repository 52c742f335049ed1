import { expect } from 'chai'
import { v7 } from 'uuid'
import type { OrderChange } from '../../../adapters/store/ports/traffic.ts'
import type { Store } from '../../../adapters/store/store.ts'
import { auditEntry } from '../../../schemas/audit.ts'
import { bulkPriority, noPace, type Pace } from '../../../schemas/pace.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import {
  acceptanceOf,
  claimOne,
  deliveryOf,
  endingOf,
  leaseOf,
  recordWith,
  statesOf,
  t0,
} from './builders.ts'

const caller = {
  credentialId: 'c1',
  person: 'Trần Thị Thử',
  agency: null,
  roles: ['operator'],
  method: 'key',
} as const

const give = (store: Store, agency: string, change: OrderChange, now = t0) =>
  store.order(agency, change, {
    now,
    audit: (before, after) => [
      auditEntry(
        caller,
        { act: 'agency.order', object: agency, before: before.paused, after: after.paused },
        { id: v7(), at: now },
      ),
    ],
  })

const paced = (pace: Partial<Pace>): OrderChange => ({ pace: { ...noPace, ...pace } })
const many = (count: number, wish: Parameters<typeof acceptanceOf>[0] = {}) =>
  Array.from({ length: count }, () => acceptanceOf(wish))

forEachEngine('orders for the traffic of a body', (engine) => {
  it('are kept with their reasons and audited with both sides in the same act', () =>
    withStore(engine, async ({ store }) => {
      await give(store, 'B01', { paused: true, pauseReason: 'bảo trì' })
      await give(store, 'B01', { draining: true, drainReason: 'chuyển máy chủ' }, t0 + 1)
      expect(await store.traffic('B01', t0 + 2)).to.deep.include({
        paused: true,
        pausedAt: t0,
        pauseReason: 'bảo trì',
        drainingAt: t0 + 1,
        drainReason: 'chuyển máy chủ',
      })
      await give(store, 'B01', { paused: false, draining: false }, t0 + 3)
      expect(await store.traffic('B01', t0 + 4)).to.deep.include({
        paused: false,
        pausedAt: null,
        pauseReason: null,
        drainingAt: null,
        drainReason: null,
      })
      const audited = await store.listAudit({ object: 'B01', limit: 9 })
      expect(audited.map(({ before, after }) => [before, after])).to.deep.equal([
        [true, false],
        [true, true],
        [false, true],
      ])
    }))

  it('are not kept where the audit cannot be written', () =>
    withStore(engine, async ({ store }) => {
      const failed = await store
        .order(
          'B01',
          { paused: true },
          {
            now: t0,
            audit: () => {
              throw new Error('no audit')
            },
          },
        )
        .catch((error: unknown) => error)
      expect(failed).to.be.an('error')
      expect(await store.traffic('B01', t0)).to.deep.include({ paused: false })
    }))

  it('refuse what is new from a drained sender, but not its repeats nor what is for it', () =>
    withStore(engine, async ({ store }) => {
      const known = acceptanceOf({ sender: 'A01', recipients: ['B01'] })
      await store.acceptMany([known])
      await give(store, 'A01', { draining: true, drainReason: 'dừng hẳn' })
      const fresh = acceptanceOf({ sender: 'A01', subjectKey: 'S' })
      const other = acceptanceOf({ sender: 'A02', recipients: ['A01'], subjectKey: 'S' })
      const results = await store.acceptMany([known, fresh, other])
      expect(results.map(({ kind }) => kind)).to.deep.equal(['repeat', 'draining', 'accepted'])
      expect(results[1]).to.deep.equal({ kind: 'draining', reason: 'dừng hẳn' })
      expect(await store.findMessage(fresh.message.id)).to.equal(null)
      expect((await store.traffic('A01', t0)).outgoing).to.equal(1)
      const owner = await claimOne(store, deliveryOf(known))
      await recordWith(store, [endingOf(deliveryOf(known), owner)])
      expect((await store.traffic('A01', t0)).outgoing).to.equal(0)
      await give(store, 'A01', { draining: false })
      expect((await store.acceptMany([fresh])).map(({ kind }) => kind)).to.deep.equal(['accepted'])
    }))

  it('tell how deliveries to a body stand', () =>
    withStore(engine, async ({ store }) => {
      const batch = [
        acceptanceOf({ subjectKey: 'S', receivedAt: t0 - 50 }),
        acceptanceOf({ subjectKey: 'S' }),
        acceptanceOf(),
      ]
      for (const one of batch) await store.acceptMany([one])
      await claimOne(store, deliveryOf(batch[2]!))
      await store.noteSuccess(['B01'], t0 + 5)
      await store.recordFailures('B01', 1, {
        now: t0 + 6,
        threshold: 9,
        atOnce: false,
        code: 'timeout',
        openForMs: () => 1,
      })
      expect(await store.traffic('B01', t0 + 7)).to.deep.include({
        waiting: { due: 1, behind: 1, sending: 1 },
        inFlight: 1,
        oldestAt: t0 - 50,
        lastSuccessAt: t0 + 5,
        lastFailureAt: t0 + 6,
        lastFailureCode: 'timeout',
        outgoing: null,
      })
      expect(await store.backlogs()).to.deep.equal([{ agency: 'B01', due: 1, oldestAt: t0 - 50 }])
    }))
})

forEachEngine('the pace of a body', (engine) => {
  it('lends no more at once than its concurrency, whoever asks and however', () =>
    withStore(engine, async ({ store, connect }) => {
      await give(store, 'B01', paced({ concurrency: 3 }))
      await store.acceptMany(many(20, { lease: { owner: 'in', until: t0 + 9000 } }))
      const stores = [store, await connect('w2'), await connect('w3')]
      const leased = await Promise.all([
        ...stores.map((each) => each.leaseDue('B01', 10, leaseOf('r'))),
        ...stores.map(async (each) =>
          (await each.takeMany('B01', 10, leaseOf('w'))).map(({ deliveryId }) => deliveryId),
        ),
      ])
      expect(new Set(leased.flat()).size).to.equal(3)
      expect(leased.flat()).to.have.lengthOf(3)
      expect((await store.inFlight(['B01'], t0)).get('B01') ?? 0).to.equal(3)
    }))

  it('lends no more a second than its rate to several relays together', () =>
    withStore(engine, async ({ store, connect }) => {
      await give(store, 'B01', paced({ perSecond: 8 }))
      await store.acceptMany(many(60))
      const stores = [store, await connect('w2')]
      const at = async (now: number) =>
        (await Promise.all(stores.map((each) => each.leaseDue('B01', 30, leaseOf('r', now))))).flat().length
      expect(await at(t0 + 1)).to.equal(2) // a quarter of a second's worth
      expect(await at(t0 + 1)).to.equal(0)
      let started = 0
      for (let now = t0 + 101; now <= t0 + 5_001; now += 100) started += await at(now)
      expect(started).to.equal(40)
    }))

  it('holds outside its hours without ageing, and opens again', () =>
    withStore(engine, async ({ store }) => {
      const noon = Date.parse('2026-03-02T05:00:00Z')
      const sent = acceptanceOf({ receivedAt: noon, lease: { owner: 'in', until: noon + 60_000 } })
      await store.acceptMany([sent])
      await give(store, 'B01', paced({ windows: [{ days: [1], from: '13:00', to: '14:00' }] }), noon)
      expect(await store.leaseDue('B01', 5, leaseOf('r', noon))).to.deep.equal([])
      expect(await store.claimMany([deliveryOf(sent)], leaseOf('w', noon))).to.deep.equal([])
      const hour = 3_600_000
      await store.turnGate('B01', noon + hour)
      expect(await store.leaseDue('B01', 5, leaseOf('r', noon + hour))).to.deep.equal([deliveryOf(sent)])
      await store.turnGate('B01', noon + 2 * hour)
      expect(await store.claimMany([deliveryOf(sent)], leaseOf('w', noon + 2 * hour))).to.deep.equal([])
      expect((await store.findClaimed(deliveryOf(sent), noon + 3 * hour))?.ageMs).to.equal(hour)
      expect(await statesOf(store, sent)).to.deep.equal({ B01: 'due' })
    }))

  it('is given up at once', () =>
    withStore(engine, async ({ store }) => {
      await give(store, 'B01', paced({ concurrency: 1 }))
      await store.acceptMany(many(5))
      expect(await store.leaseDue('B01', 5, leaseOf('r'))).to.have.lengthOf(1)
      await give(store, 'B01', { pace: noPace })
      expect(await store.leaseDue('B01', 5, leaseOf('r'))).to.have.lengthOf(5)
    }))

  it('ends no lane: what is freed waits for its turn', () =>
    withStore(engine, async ({ store }) => {
      const lane = many(2, { subjectKey: 'S' })
      await store.acceptMany(lane)
      const owner = await claimOne(store, deliveryOf(lane[0]!))
      await give(store, 'B01', paced({ concurrency: 1 }))
      const [result] = await recordWith(store, [endingOf(deliveryOf(lane[0]!), owner)], t0, true)
      expect(result).to.deep.equal({ recorded: true, freed: [] })
      expect(await store.leaseDue('B01', 5, leaseOf('r'))).to.deep.equal([deliveryOf(lane[1]!)])
    }))
})

forEachEngine('bulk', (engine) => {
  it('is what an operator has marked at the sender; it goes last, and only within its share', () =>
    withStore(engine, async ({ store }) => {
      await give(store, 'A01', paced({ bulkActions: ['status.updated'] }))
      const first = many(10, { lease: { owner: 'in', until: t0 + 9000 } }).map((one) => ({
        ...one,
        message: { ...one.message, action: 'status.updated' },
      }))
      const results = await store.acceptMany(first)
      expect(results.flatMap((result) => (result.kind === 'accepted' ? result.leased : []))).to.deep.equal([])
      const live = many(3, { sender: 'A02', priority: 5 })
      await store.acceptMany(live)
      const leased = await store.leaseDue('B01', 8, leaseOf('r'), 2)
      expect(leased.slice(0, 3)).to.have.members(live.map((one) => deliveryOf(one)))
      expect(leased).to.have.lengthOf(5)
      expect(await store.leaseDue('B01', 3, leaseOf('r'), 2)).to.deep.equal([])
      const late = acceptanceOf({ sender: 'A02' })
      await store.acceptMany([late])
      expect(await store.leaseDue('B01', 3, leaseOf('r'), 2)).to.deep.equal([deliveryOf(late)])
      expect(await store.takeMany('B01', 20, leaseOf('w'))).to.have.lengthOf(14)
    }))

  it('keeps to its share whichever relay asks', () =>
    withStore(engine, async ({ store, connect }) => {
      await store.acceptMany(many(30, { priority: bulkPriority }))
      const stores = [store, await connect('w2'), await connect('w3')]
      const leased = await Promise.all(stores.map((each) => each.leaseDue('B01', 20, leaseOf('r'), 4)))
      expect(leased.flat()).to.have.lengthOf(4)
    }))
})
