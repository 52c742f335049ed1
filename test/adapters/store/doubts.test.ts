import { expect } from 'chai'
import { v7 } from 'uuid'
import type { Caller } from '../../../schemas/agency.ts'
import { auditEntry } from '../../../schemas/audit.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, claimOne, deliveryOf, endingOf, leaseOf, recordWith, t0 } from './builders.ts'

const caller: Caller = {
  ...{ credentialId: 'c1', person: 'Trần Thị Thử', agency: null },
  ...{ roles: ['operator'], method: 'key' },
} as const

forEachEngine('deliveries that may have arrived', (engine) => {
  it('has dead claims asked after where their recipient can be, keeps since when, and ends the doubt with an outcome', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf({ expiresAt: t0 + 40_000 })
      await store.acceptMany([sent])
      const id = deliveryOf(sent)
      const rules = { maxClaims: 3, repeatable: () => false, askAfterSeconds: () => 5, limit: 10 }
      const claim = async (at: number) => (await store.claimMany([id], leaseOf('w', at)))[0]
      const first = await claim(t0)
      expect(first?.doubtedAt).to.equal(null)
      const [swept] = await store.sweepClaims(t0 + 30_000, rules)
      expect(swept?.state).to.equal('due')
      expect(await claim(t0 + 34_999), 'too early').to.equal(undefined)
      expect((await claim(t0 + 35_000))?.doubtedAt, 'the end of the lease').to.equal(t0 + 30_000)
      await store.sweepClaims(t0 + 65_000, rules)
      expect(await store.takeExpired(10, leaseOf('clock', t0 + 70_000)), 'it may have arrived').to.deep.equal(
        [],
      )
      const again = await claim(t0 + 70_000)
      expect(again?.doubtedAt, 'the first of the doubts').to.equal(t0 + 30_000)
      const unsure = { state: 'due', dueAt: t0 + 70_001, doubtedAt: t0 + 30_000 } as const
      await recordWith(store, [endingOf(id, again?.owner ?? '', unsure)], t0 + 70_000)
      const asked = await claim(t0 + 70_001)
      expect(asked?.doubtedAt).to.equal(t0 + 30_000)
      await recordWith(
        store,
        [endingOf(id, asked?.owner ?? '', { state: 'due', dueAt: t0 + 70_002 })],
        t0 + 70_001,
      )
      expect(await store.takeExpired(10, leaseOf('clock', t0 + 70_002))).to.have.lengthOf(1)
    }))

  it('parks what died too often while it was asked after, with its doubt, which an operator’s replay does not end', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf()
      await store.acceptMany([sent])
      await claimOne(store, deliveryOf(sent))
      const rules = { maxClaims: 2, repeatable: () => false, askAfterSeconds: () => 5, limit: 10 }
      await store.sweepClaims(t0 + 30_000, rules)
      await store.claimMany([deliveryOf(sent)], leaseOf('w', t0 + 35_000))
      const audit = ({
        id,
        recipient,
        before,
        after,
      }: Readonly<Record<'id' | 'recipient' | 'before' | 'after', string>>) =>
        auditEntry(
          caller,
          { act: 'delivery.replay', object: id, body: recipient, before, after },
          { id: v7(), at: t0 },
        )
      const [parked] = await store.sweepClaims(t0 + 65_000, rules)
      expect(parked?.state).to.equal('parked')
      await store.replayMany([deliveryOf(sent)], { now: t0 + 66_000, audit })
      const [claimed] = await store.claimMany([deliveryOf(sent)], leaseOf('w', t0 + 66_000))
      expect(claimed?.doubtedAt).to.equal(t0 + 30_000)
    }))
})
