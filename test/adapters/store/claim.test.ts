import { expect } from 'chai'
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

const anyRules = { maxClaims: 3, repeatable: () => true, askAfterSeconds: () => 0, limit: 100 }
const later = t0 + 60_000

forEachEngine('claims and endings', (engine) => {
  it('lends a due delivery to one worker at a time, with the message as it was accepted', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf({ payload: { MaHoSo: 'H9', NoiDung: 'Đất đai' } })
      await store.acceptMany([sent])
      const ids = [deliveryOf(sent)]
      const [claimed, none] = [
        await store.claimMany(ids, leaseOf('a', t0 + 7)),
        await store.claimMany(ids, leaseOf('a')),
      ]
      expect(none).to.deep.equal([])
      expect(claimed).to.have.lengthOf(1)
      expect(claimed[0]).to.deep.include({
        message: sent.message,
        claims: 1,
        attempts: 0,
        ageMs: 7,
        recipient: 'B01',
      })
      expect(Buffer.compare(claimed[0]!.contentHash, sent.contentHash)).to.equal(0)
      expect(claimed[0]!.owner).to.match(/^a#/)
    }))

  it('does not claim what waits behind, what is over, what is put off, or what it does not know', () =>
    withStore(engine, async ({ store }) => {
      const head = acceptanceOf({ subjectKey: 'H1' })
      const behind = acceptanceOf({ subjectKey: 'H1' })
      const over = acceptanceOf()
      const putOff = acceptanceOf()
      await store.acceptMany([head, behind, over, putOff])
      const owners = [
        await claimOne(store, deliveryOf(over)),
        await claimOne(store, deliveryOf(putOff)),
      ] as const
      await recordWith(store, [
        endingOf(deliveryOf(over), owners[0]),
        endingOf(deliveryOf(putOff), owners[1], { state: 'due', dueAt: t0 + 500 }),
      ])
      const ids = [behind, over, putOff, acceptanceOf()].map((one) => deliveryOf(one))
      expect(await store.claimMany(ids, leaseOf('a', t0 + 499))).to.deep.equal([])
      const claimed = await store.claimMany(ids, leaseOf('a', t0 + 500))
      expect(
        claimed.map(({ deliveryId, claims, attempts }) => ({ deliveryId, claims, attempts })),
      ).to.deep.equal([{ deliveryId: deliveryOf(putOff), claims: 2, attempts: 1 }])
    }))

  it('lets any worker claim what a relay has leased, also by a clock that is a little behind', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf({ lease: { owner: 'relay', until: later } })
      await store.acceptMany([sent])
      expect(await store.claimMany([deliveryOf(sent)], leaseOf('a', t0 - 3))).to.have.lengthOf(1)
    }))

  it('gives each of many racing workers other deliveries', () =>
    withStore(engine, async ({ store, connect }) => {
      const batch = Array.from({ length: 40 }, () => acceptanceOf())
      await store.acceptMany(batch)
      const ids = batch.map((one) => deliveryOf(one))
      const stores = [store, await connect('w2'), await connect('w3')]
      const claims = await Promise.all(stores.map((each) => each.claimMany(ids, leaseOf('same'))))
      const taken = claims.flat().map(({ deliveryId }) => deliveryId)
      expect(taken.toSorted()).to.deep.equal(ids.toSorted())
    }))

  it('hands a recipient that pulls its own next deliveries, in order', () =>
    withStore(engine, async ({ store }) => {
      const slow = acceptanceOf({ priority: 5 })
      const urgent = acceptanceOf({ priority: 0, receivedAt: t0 + 1 })
      const foreign = acceptanceOf({ recipients: ['B02'], priority: 0 })
      await store.acceptMany([slow, urgent, foreign])
      const pulled = await store.takeMany('B01', 10, leaseOf('B01', t0 + 1))
      expect(pulled.map(({ deliveryId }) => deliveryId)).to.deep.equal([deliveryOf(urgent), deliveryOf(slow)])
      expect(await store.takeMany('B01', 10, leaseOf('B01', t0 + 1))).to.deep.equal([])
    }))

  it('reads a claimed delivery again with its state and holder', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf()
      await store.acceptMany([sent])
      const owner = await claimOne(store, deliveryOf(sent))
      expect(await store.findClaimed(deliveryOf(sent), t0)).to.deep.include({
        state: 'sending',
        owner,
        message: sent.message,
      })
      await recordWith(store, [endingOf(deliveryOf(sent), owner, { state: 'processed' })])
      expect(await store.findClaimed(deliveryOf(sent), t0)).to.deep.include({ state: 'processed', owner: '' })
      expect(await store.findClaimed(deliveryOf(acceptanceOf()), t0)).to.equal(null)
    }))

  it('records attempts, and says nothing for a lost lease without harm to its neighbours', () =>
    withStore(engine, async ({ store }) => {
      const lost = acceptanceOf()
      const kept = acceptanceOf()
      await store.acceptMany([lost, kept])
      const stale = await claimOne(store, deliveryOf(lost))
      await store.sweepClaims(later, anyRules)
      const fresh = await claimOne(store, deliveryOf(lost), later)
      const owner = await claimOne(store, deliveryOf(kept))
      const attempt = { at: t0 + 1, durationMs: 5, outcome: 'refused', code: 'E7', reason: 'Thiếu giấy tờ' }
      const results = await recordWith(store, [
        endingOf(deliveryOf(lost), stale),
        endingOf(deliveryOf(kept), owner, { state: 'refused', attempt }),
      ])
      expect(results.map(({ recorded }) => recorded)).to.deep.equal([false, true])
      const view = await store.findMessage(kept.message.id)
      expect(view?.deliveries[0]).to.deep.include({ state: 'refused', attempts: [attempt] })
      expect(await store.findClaimed(deliveryOf(lost), later)).to.deep.include({
        state: 'sending',
        owner: fresh,
      })
    }))

  it('records one of two endings of the same claim', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf({ subjectKey: 'H1' })
      const next = acceptanceOf({ subjectKey: 'H1' })
      const third = acceptanceOf({ subjectKey: 'H1' })
      await store.acceptMany([sent, next, third])
      const ending = endingOf(deliveryOf(sent), await claimOne(store, deliveryOf(sent)))
      const both = await recordWith(store, [ending, { ...ending }])
      expect(both.map(({ recorded }) => recorded)).to.deep.equal([true, false])
      expect(await statesOf(store, next)).to.deep.equal({ B01: 'due' })
      expect(await statesOf(store, third)).to.deep.equal({ B01: 'behind' })
    }))

  it('frees the next of a lane when one is over, and holds it while one is dead, parked or in doubt', () =>
    withStore(engine, async ({ store }) => {
      const moving = ['delivered', 'processed', 'refused', 'expired', 'skipped'] as const
      const holding = ['dead', 'parked', 'in_doubt', 'due'] as const
      for (const state of [...moving, ...holding]) {
        const head = acceptanceOf({ subjectKey: `H-${state}` })
        const next = acceptanceOf({ subjectKey: `H-${state}` })
        await store.acceptMany([head, next])
        const owner = await claimOne(store, deliveryOf(head))
        const [result] = await recordWith(store, [endingOf(deliveryOf(head), owner, { state })], t0, true)
        const isFree = moving.some((name) => name === state)
        expect(await statesOf(store, next), state).to.deep.equal({ B01: isFree ? 'due' : 'behind' })
        expect(result?.freed, state).to.deep.equal(isFree ? [{ id: deliveryOf(next), agency: 'B01' }] : [])
      }
    }))

  it('leases what it frees only where it may, and never for a paused recipient', () =>
    withStore(engine, async ({ store }) => {
      for (const recipient of ['free', 'paused', 'full']) {
        const [head, next] = [
          acceptanceOf({ subjectKey: 'H', recipients: [recipient] }),
          acceptanceOf({ subjectKey: 'H', recipients: [recipient] }),
        ]
        await store.acceptMany([head, next])
        const owner = await claimOne(store, deliveryOf(head))
        if (recipient === 'paused') await store.setPaused(recipient, true, t0)
        const asks = { ...leaseOf('relay'), mayLease: (agency: string) => agency !== 'full' }
        const [result] = await store.recordMany([endingOf(deliveryOf(head), owner)], asks)
        const leased = recipient === 'free' ? [{ id: deliveryOf(next), agency: recipient }] : []
        expect(result?.freed, recipient).to.deep.equal(leased)
        expect((await store.inFlight([recipient], t0)).get(recipient) ?? 0, recipient).to.equal(leased.length)
        expect(await statesOf(store, next), recipient).to.deep.equal({ [recipient]: 'due' })
      }
    }))

  it('makes dead claims due again until they were too many, and doubts those that cannot be repeated', () =>
    withStore(engine, async ({ store }) => {
      const repeatable = acceptanceOf({ recipients: ['B01'] })
      const once = acceptanceOf({ recipients: ['B02'] })
      await store.acceptMany([repeatable, once])
      await claimOne(store, deliveryOf(once))
      const rules = {
        maxClaims: 2,
        repeatable: (agency: string) => agency === 'B01',
        askAfterSeconds: () => 0,
        limit: 10,
      }
      const seen: string[] = []
      for (let at = t0; at < t0 + 180_000; at += 60_000) {
        await store.claimMany([deliveryOf(repeatable)], leaseOf('w', at))
        expect(await store.sweepClaims(at + 29_999, rules)).to.deep.equal([])
        const swept = await store.sweepClaims(at + 30_000, rules)
        seen.push(...swept.map(({ recipient, state }) => `${recipient} ${state}`).toSorted())
      }
      expect(seen).to.deep.equal(['B01 due', 'B02 in_doubt', 'B01 parked'])
      expect(await store.counts()).to.deep.equal({ parked: 1, in_doubt: 1 })
    }))

  it('does not count claims that ended in an outcome against a delivery', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf()
      await store.acceptMany([sent])
      for (let i = 0; i < 4; i += 1) {
        const owner = await claimOne(store, deliveryOf(sent), t0 + i)
        await recordWith(
          store,
          [endingOf(deliveryOf(sent), owner, { state: 'due', dueAt: t0 + i + 1 })],
          t0 + i,
        )
      }
      await claimOne(store, deliveryOf(sent), t0 + 10)
      const [swept] = await store.sweepClaims(later, {
        maxClaims: 2,
        repeatable: () => true,
        askAfterSeconds: () => 0,
        limit: 10,
      })
      expect(swept?.state).to.equal('due')
    }))

  it('takes expired deliveries to be ended, frees what waits behind them, and yields to nobody meanwhile', () =>
    withStore(engine, async ({ store }) => {
      const expiring = acceptanceOf({ subjectKey: 'H1', expiresAt: t0 + 100 })
      const next = acceptanceOf({ subjectKey: 'H1' })
      const leased = acceptanceOf({ expiresAt: t0 + 100, lease: { owner: 'relay', until: later } })
      await store.acceptMany([expiring, next, leased])
      expect(await store.takeExpired(10, leaseOf('clock', t0 + 99))).to.deep.equal([])
      const taken = await store.takeExpired(10, leaseOf('clock', t0 + 100))
      expect(taken.map(({ deliveryId, message }) => [deliveryId, message.id])).to.deep.equal([
        [deliveryOf(expiring), expiring.message.id],
      ])
      expect(await store.takeExpired(10, leaseOf('clock', t0 + 101))).to.deep.equal([])
      expect(await store.leaseDue('B01', 10, leaseOf('relay', t0 + 101))).to.deep.equal([])
      const ending = endingOf(deliveryOf(expiring), taken[0]!.owner, { state: 'expired', attempt: null })
      expect((await recordWith(store, [ending], t0 + 102))[0]?.recorded).to.equal(true)
      expect(await statesOf(store, expiring)).to.deep.equal({ B01: 'expired' })
      expect(await statesOf(store, next)).to.deep.equal({ B01: 'due' })
    }))

  it('ends a delivery that was only leased as nothing but expired', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf({ expiresAt: t0 })
      await store.acceptMany([sent])
      const [taken] = await store.takeExpired(10, leaseOf('clock'))
      const [result] = await recordWith(store, [
        endingOf(deliveryOf(sent), taken!.owner, { state: 'delivered' }),
      ])
      expect(result).to.deep.equal({ recorded: false, freed: [] })
    }))
})
