import { expect } from 'chai'
import fc from 'fast-check'
import { setTimeout as sleep } from 'node:timers/promises'
import { v7 } from 'uuid'
import type { ActOn } from '../../../adapters/store/ports/deliveries.ts'
import type { Acceptance, Store } from '../../../adapters/store/store.ts'
import { auditEntry } from '../../../schemas/audit.ts'
import type { DeliveryState } from '../../../schemas/message.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import {
  acceptanceOf,
  claimOne,
  deliveryOf,
  endingOf,
  leaseOf,
  receiptOf,
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

const act = (now = t0 + 10): ActOn => ({
  now,
  audit: ({ id, recipient, before, after }) =>
    auditEntry(
      caller,
      { act: 'delivery.act', object: id, body: recipient, before, after },
      { id: v7(), at: now },
    ),
})

const accept = async (store: Store, count: number, subjectKey = 'S'): Promise<readonly Acceptance[]> => {
  const batch = Array.from({ length: count }, () => acceptanceOf({ subjectKey }))
  await store.acceptMany(batch)
  return batch
}

async function endAs(
  store: Store,
  one: Acceptance,
  state: 'dead' | 'parked' | 'in_doubt' | 'refused' | 'delivered',
) {
  const owner = await claimOne(store, deliveryOf(one))
  await recordWith(store, [endingOf(deliveryOf(one), owner, { state })])
}

/** What the sweeper does. */
async function sweepMarks(store: Store, now = t0 + 20): Promise<number> {
  const taken = await store.takeExpired(100, leaseOf('clock', now))
  const endings = taken.map(({ deliveryId, owner, skipReason, message }) =>
    endingOf(deliveryId, owner, {
      state: skipReason === null ? 'expired' : 'skipped',
      attempt: null,
      receipts: [receiptOf({ kind: 'skipped', messageId: message.id, deliveryId })],
    }),
  )
  await recordWith(store, endings, now)
  return endings.length
}

const stateOf = async (store: Store, one: Acceptance) => (await statesOf(store, one))['B01']

forEachEngine('replay', (engine) => {
  for (const state of ['dead', 'parked', 'in_doubt'] as const)
    it(`sends a delivery that is ${state} again, with a new clock, and does nothing the second time`, () =>
      withStore(engine, async ({ store }) => {
        const [head, next] = await accept(store, 2)
        await endAs(store, head!, state)
        const later = t0 + 90_000_000
        const id = deliveryOf(head!)
        expect(await store.replayMany([id], act(later))).to.deep.equal(['done'])
        expect(await store.replayMany([id], act(later))).to.deep.equal(['already'])
        expect((await store.findClaimed(id, later + 5))?.ageMs).to.equal(5)
        expect(await stateOf(store, next!)).to.equal('behind')
        const [entry, ...others] = await store.listAudit({ object: id, limit: 9 })
        expect([entry?.before, entry?.after, others.length]).to.deep.equal([state, 'due', 0])
        const owner = await claimOne(store, id, later)
        await recordWith(store, [endingOf(id, owner)], later)
        expect(await stateOf(store, next!)).to.equal('due')
      }))

  it('puts what its lane has left behind at the lane’s end', () =>
    withStore(engine, async ({ store }) => {
      const [first, second] = await accept(store, 2)
      await endAs(store, first!, 'refused')
      expect(await store.replayMany([deliveryOf(first!)], act())).to.deep.equal(['at_end'])
      expect([await stateOf(store, first!), await stateOf(store, second!)]).to.deep.equal(['behind', 'due'])
      await endAs(store, second!, 'delivered')
      expect(await stateOf(store, first!)).to.equal('due')
    }))

  it('replays alone what no lane orders, and leaves what is delivered, unknown or under way', () =>
    withStore(engine, async ({ store }) => {
      const [refused, delivered, sending] = await accept(store, 3, '')
      await endAs(store, refused!, 'refused')
      await endAs(store, delivered!, 'delivered')
      await claimOne(store, deliveryOf(sending!))
      const ids = [...[refused, delivered, sending].map((one) => deliveryOf(one!)), v7()]
      expect(await store.replayMany(ids, act())).to.deep.equal(['at_end', 'over', 'already', 'unknown'])
      expect(await stateOf(store, refused!)).to.equal('due')
    }))

  it('is idempotent, whatever is replayed how often and together with what', () =>
    withStore(engine, async ({ store }) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom('dead', 'parked', 'in_doubt', 'refused', 'delivered'), {
            minLength: 1,
            maxLength: 4,
          }),
          fc.integer({ min: 2, max: 3 }),
          async (states, times) => {
            const batch = await Promise.all(states.map(() => accept(store, 2, v7())))
            for (const [i, state] of states.entries()) await endAs(store, batch[i]![0]!, state)
            const ids = batch.map(([one]) => deliveryOf(one!))
            await store.replayMany(ids, act())
            const once = await Promise.all(batch.flat().map((one) => statesOf(store, one)))
            for (let n = 1; n < times; n += 1) await store.replayMany(ids, act())
            expect(await Promise.all(batch.flat().map((one) => statesOf(store, one)))).to.deep.equal(once)
          },
        ),
        { numRuns: engine === 'sqlite' ? 15 : 6 },
      )
    }))
})

forEachEngine('skip', (engine) => {
  it('marks what waits; nothing hands it out, it ends when it heads its lane, and the next goes', () =>
    withStore(engine, async ({ store }) => {
      const [head, marked, next] = await accept(store, 3)
      expect(await store.markSkipped(deliveryOf(marked!), 'gửi nhầm', act())).to.equal('done')
      expect(await store.markSkipped(deliveryOf(marked!), 'gửi nhầm', act())).to.equal('already')
      expect(await sweepMarks(store)).to.equal(0)
      const owner = await claimOne(store, deliveryOf(head!))
      const [result] = await recordWith(store, [endingOf(deliveryOf(head!), owner)], t0, true)
      expect(result?.freed).to.deep.equal([])
      expect(await store.leaseDue('B01', 5, leaseOf('r', t0 + 15))).to.deep.equal([])
      expect(await store.claimMany([deliveryOf(marked!)], leaseOf('w', t0 + 15))).to.deep.equal([])
      expect(await store.takeMany('B01', 5, leaseOf('w', t0 + 15))).to.deep.equal([])
      expect(await sweepMarks(store)).to.equal(1)
      expect([await stateOf(store, marked!), await stateOf(store, next!)]).to.deep.equal(['skipped', 'due'])
      const view = await store.findMessage(marked!.message.id)
      expect(view?.receipts.map(({ receipt }) => receipt.kind)).to.deep.equal(['accepted', 'skipped'])
    }))

  it('frees a lane that is blocked', () =>
    withStore(engine, async ({ store }) => {
      const [head, next] = await accept(store, 2)
      await endAs(store, head!, 'dead')
      const [lane] = await store.blockedLanes({ recipients: null, limit: 5 })
      expect([lane?.head.id, lane?.waiting]).to.deep.equal([deliveryOf(head!), 1])
      await store.markSkipped(deliveryOf(head!), 'hồ sơ đã rút', act())
      await sweepMarks(store)
      expect([await stateOf(store, head!), await stateOf(store, next!)]).to.deep.equal(['skipped', 'due'])
      expect(await store.blockedLanes({ recipients: null, limit: 5 })).to.deep.equal([])
    }))

  it('lets an attempt under way end, and comes after it only where it failed', () =>
    withStore(engine, async ({ store }) => {
      const [won, lost] = [(await accept(store, 1, 'S1'))[0]!, (await accept(store, 1, 'S2'))[0]!]
      const owners = [await claimOne(store, deliveryOf(won)), await claimOne(store, deliveryOf(lost))]
      for (const one of [won, lost])
        expect(await store.markSkipped(deliveryOf(one), 'thôi', act())).to.equal('done')
      await recordWith(store, [
        endingOf(deliveryOf(won), owners[0]!),
        endingOf(deliveryOf(lost), owners[1]!, { state: 'due' }),
      ])
      await sweepMarks(store, t0 + 5_000)
      expect([await stateOf(store, won), await stateOf(store, lost)]).to.deep.equal(['delivered', 'skipped'])
      expect(await store.markSkipped(deliveryOf(won), 'thôi', act())).to.equal('over')
    }))
})

forEachEngine('a doubt', (engine) => {
  it('ends by an operator’s statement, with evidence, and frees the lane', () =>
    withStore(engine, async ({ store }) => {
      const [head, next] = await accept(store, 2)
      await endAs(store, head!, 'in_doubt')
      const id = deliveryOf(head!)
      const receipt = receiptOf({ kind: 'delivered', messageId: head!.message.id, deliveryId: id })
      expect(await store.settleDoubt(id, receipt, act())).to.equal('done')
      expect(await store.settleDoubt(id, receipt, act())).to.equal('already')
      expect([await stateOf(store, head!), await stateOf(store, next!)]).to.deep.equal(['delivered', 'due'])
      const view = await store.findMessage(head!.message.id)
      expect(view?.deliveries[0]?.attempts.at(-1)?.code).to.equal('operator_statement')
      expect(await store.settleDoubt(deliveryOf(next!), receipt, act())).to.equal('over')
    }))
})

forEachEngine('lists of deliveries', (engine) => {
  it('go by state, recipient and age, page by page', () =>
    withStore(engine, async ({ store }) => {
      const batch = Array.from({ length: 5 }, (_, i) =>
        acceptanceOf({ recipients: [i === 4 ? 'B02' : 'B01'], receivedAt: t0 + i }),
      )
      for (const one of batch) await store.acceptMany([one])
      for (const one of batch) {
        const [claimed] = await store.claimMany([deliveryOf(one)], leaseOf('w', t0 + 9))
        await recordWith(store, [endingOf(deliveryOf(one), claimed!.owner, { state: 'dead' })])
      }
      const ids = async (wish: object, state: DeliveryState = 'dead') =>
        (await store.listDeliveries({ state, recipients: null, limit: 9, ...wish })).map(({ id }) => id)
      const all = batch.map((one) => deliveryOf(one))
      expect(await ids({})).to.deep.equal(all)
      expect(await ids({}, 'parked')).to.deep.equal([])
      expect(await ids({ recipients: ['B02'] })).to.deep.equal([all[4]])
      expect(await ids({ recipients: [] })).to.deep.equal([])
      expect(await ids({ since: t0 + 1, before: t0 + 3 })).to.deep.equal([all[1], all[2]])
      expect(await ids({ after: all[1], limit: 2 })).to.deep.equal([all[2], all[3]])
    }))
})

forEachEngine('operators among workers', (engine) => {
  it('replay and skip while workers deliver: nothing is lost, doubled, out of order or stuck', function () {
    this.timeout(120_000)
    return withStore(engine, async ({ store, connect }) => {
      const lanes = engine === 'sqlite' ? 4 : 10
      const each = 8
      const batches = await Promise.all(Array.from({ length: lanes }, (_, i) => accept(store, each, `L${i}`)))
      const all = batches.flat().map((one) => deliveryOf(one))
      const effects = new Map<string, number>()
      const order = new Map<string, string[]>()
      const isOver = async () => Object.keys(await store.counts()).length === 0
      let over = false

      async function work(own: Store): Promise<void> {
        while (!over) {
          const now = Date.now()
          const claims = await own.takeMany('B01', 5, { owner: 'w', now, until: now + 60_000 })
          const endings = claims.map(({ deliveryId, owner, message, attempts }) => {
            const state = attempts === 0 && Math.random() < 0.4 ? 'dead' : 'delivered'
            if (state === 'delivered') {
              effects.set(deliveryId, (effects.get(deliveryId) ?? 0) + 1)
              order.set(message.subjectKey, [...(order.get(message.subjectKey) ?? []), deliveryId])
            }
            return endingOf(deliveryId, owner, { state })
          })
          await own.recordMany(endings, { owner: 'w', now, until: now, mayLease: () => false })
          if (claims.length === 0) await sleep(5)
        }
      }
      async function operate(own: Store): Promise<void> {
        while (!over) {
          const dead = await own.listDeliveries({ state: 'dead', recipients: null, limit: 50 })
          await own.replayMany(
            dead.map(({ id }) => id),
            act(Date.now()),
          )
          const behind = await own.listDeliveries({ state: 'behind', recipients: null, limit: 3 })
          for (const { id } of behind.slice(2)) await own.markSkipped(id, 'thử', act(Date.now()))
          await sweepMarks(own, Date.now())
          await sleep(5)
          over ||= await isOver()
        }
      }
      const others = await Promise.all(['w2', 'w3', 'o1', 'o2'].map(connect))
      await Promise.all([work(others[0]!), work(others[1]!), operate(others[2]!), operate(others[3]!)])
      const ended = await Promise.all(all.map((id) => store.findDelivery(id)))
      const delivered = ended.filter((line) => line?.state === 'delivered').map((line) => line!.id)
      expect(ended.filter((line) => line?.state === 'skipped').length + delivered.length).to.equal(all.length)
      expect([...effects.keys()].sort()).to.deep.equal([...delivered].sort())
      expect(Math.max(...effects.values())).to.equal(1)
      for (const [i, batch] of batches.entries()) {
        const expected = batch.map((one) => deliveryOf(one)).filter((id) => effects.has(id))
        expect(order.get(`L${i}`) ?? []).to.deep.equal(expected)
      }
    })
  })
})
