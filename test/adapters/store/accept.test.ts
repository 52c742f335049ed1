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

forEachEngine('accepting', (engine) => {
  it('keeps the message with its deliveries and its receipt', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf({
        recipients: ['B01', 'B02'],
        expiresAt: t0 + 1000,
        payload: { TrangThaiHoSo: '11' },
      })
      expect(await store.acceptMany([sent])).to.deep.equal([{ kind: 'accepted', leased: [] }])
      const view = await store.findMessage(sent.message.id)
      const { payload, ...header } = sent.message
      expect(payload).to.deep.equal({ TrangThaiHoSo: '11' })
      expect(view?.message).to.deep.equal(header)
      expect(view?.receipts).to.deep.equal([sent.receipt])
      expect(await statesOf(store, sent)).to.deep.equal({ B01: 'due', B02: 'due' })
    }))

  it('finds nothing under an unknown id, or under what is no id', () =>
    withStore(engine, async ({ store }) => {
      expect(await store.findMessage(acceptanceOf().message.id)).to.equal(null)
      expect(await store.findMessage('x')).to.equal(null)
    }))

  it('answers the original receipt to a repeat, and to other content under the same reference', () =>
    withStore(engine, async ({ store }) => {
      const first = acceptanceOf({ senderRef: 'R1', payload: { a: 1 } })
      const again = acceptanceOf({ senderRef: 'R1', payload: { a: 1 } })
      const other = acceptanceOf({ senderRef: 'R1', payload: { a: 2 } })
      await store.acceptMany([first])
      const { message, receipt } = first
      expect(await store.acceptMany([again, other])).to.deep.equal([
        { kind: 'repeat', messageId: message.id, receipt, states: ['due'] },
        { kind: 'conflict', messageId: message.id, receipt, states: ['due'] },
      ])
      expect(await store.findMessage(again.message.id)).to.equal(null)
      expect(await store.counts()).to.deep.equal({ due: 1 })
    }))

  it('settles repeats within one batch, without harm to their neighbours', () =>
    withStore(engine, async ({ store }) => {
      const first = acceptanceOf({ senderRef: 'R1', payload: { a: 1 } })
      const neighbour = acceptanceOf({ senderRef: 'R2' })
      const batch = [
        first,
        acceptanceOf({ senderRef: 'R1', payload: { a: 1 } }),
        neighbour,
        acceptanceOf({ senderRef: 'R1', payload: { a: 2 } }),
      ]
      const results = await store.acceptMany(batch)
      expect(results.map(({ kind }) => kind)).to.deep.equal(['accepted', 'repeat', 'accepted', 'conflict'])
      expect(results[1]).to.deep.include({ messageId: first.message.id, receipt: first.receipt })
      expect(await store.counts()).to.deep.equal({ due: 2 })
    }))

  it('tells references apart that differ by case, accent or a trailing blank', () =>
    withStore(engine, async ({ store }) => {
      const references = ['Hồ-1', 'hồ-1', 'Ho-1', 'Hồ-1 ']
      const results = await store.acceptMany(references.map((senderRef) => acceptanceOf({ senderRef })))
      expect(results.map(({ kind }) => kind)).to.deep.equal(references.map(() => 'accepted'))
    }))

  it('answers an empty batch with nothing', () =>
    withStore(engine, async ({ store }) => {
      expect(await store.acceptMany([])).to.deep.equal([])
    }))

  it('gives both of two racing processes the one receipt that was kept', () =>
    withStore(engine, async ({ store, connect }) => {
      const other = await connect('w2')
      for (let round = 0; round < 10; round += 1) {
        const references = Array.from({ length: 8 }, (_, i) => `R${round}-${i}`)
        const one = references.map((senderRef) => acceptanceOf({ senderRef, subjectKey: 'S' }))
        const two = references.toReversed().map((senderRef) => acceptanceOf({ senderRef, subjectKey: 'S' }))
        const [a, b] = await Promise.all([store.acceptMany(one), other.acceptMany(two)])
        const receipts = (batch: typeof one, results: typeof a) =>
          new Map(
            results.map((result, i) => [
              batch[i]!.message.senderRef,
              'receipt' in result ? result.receipt.jws : batch[i]!.receipt.jws,
            ]),
          )
        expect(receipts(two, b)).to.have.deep.keys([...receipts(one, a).keys()])
        for (const [reference, jws] of receipts(one, a)) expect(receipts(two, b).get(reference)).to.equal(jws)
        const fresh = [...a, ...b].filter(({ kind }) => kind === 'accepted')
        expect(fresh).to.have.lengthOf(references.length)
      }
    }))

  it('makes only the head of a lane due, and leases only what is due and may be sent', () =>
    withStore(engine, async ({ store }) => {
      const lease = { owner: 'relay', until: t0 + 1000 }
      await store.setPaused('B02', true, t0 - 5)
      const first = acceptanceOf({ subjectKey: 'H1', recipients: ['B01', 'B02'], lease })
      const second = acceptanceOf({ subjectKey: 'H1', recipients: ['B01', 'B02'], lease })
      const results = await store.acceptMany([first, second])
      expect(results).to.deep.equal([
        { kind: 'accepted', leased: [{ id: deliveryOf(first), agency: 'B01' }] },
        { kind: 'accepted', leased: [] },
      ])
      expect(await statesOf(store, second)).to.deep.equal({ B01: 'behind', B02: 'behind' })
      expect((await store.inFlight(['B01'], t0)).get('B01') ?? 0).to.equal(1)
      expect(await store.leaseDue('B01', 5, leaseOf('other'))).to.deep.equal([])
    }))

  it("puts a lane's next one at its head again after the first is over", () =>
    withStore(engine, async ({ store }) => {
      const first = acceptanceOf({ subjectKey: 'H1' })
      await store.acceptMany([first])
      await recordWith(store, [endingOf(deliveryOf(first), await claimOne(store, deliveryOf(first)))])
      const second = acceptanceOf({ subjectKey: 'H1' })
      await store.acceptMany([second])
      expect(await statesOf(store, second)).to.deep.equal({ B01: 'due' })
    }))

  it('keeps originals of many sizes byte by byte', () =>
    withStore(engine, async ({ store }) => {
      const sizes = [0, 1, 300, 70_000, 1_500_000]
      const batch = sizes.map((size) => acceptanceOf({ payload: { text: 'ệ'.repeat(size / 3) } }))
      await store.acceptMany(batch)
      const claimed = await store.claimMany(
        batch.map((one) => deliveryOf(one)),
        leaseOf('w'),
      )
      expect(claimed).to.have.lengthOf(sizes.length)
      claimed.forEach((one, i) => {
        expect(Buffer.compare(one.original, batch[i]!.original)).to.equal(0)
        expect(one.message).to.deep.equal(batch[i]!.message)
      })
    }))

  it('accepts a full batch with many recipients each', () =>
    withStore(engine, async ({ store }) => {
      const recipients = Array.from({ length: 7 }, (_, i) => `B${i}`)
      const batch = Array.from({ length: 200 }, (_, i) =>
        acceptanceOf({ recipients, subjectKey: `H${i % 60}` }),
      )
      await store.acceptMany(batch)
      expect(await store.counts()).to.deep.equal({ due: 60 * 7, behind: 140 * 7 })
    }))

  it('keeps refusals without taking the reference', () =>
    withStore(engine, async ({ store, database }) => {
      const { receipt } = acceptanceOf({ senderRef: 'R1' })
      await store.refuseMany([{ ...receipt, receipt: { ...receipt.receipt, kind: 'refusal' } }])
      expect(await database.knex('receipt').pluck('kind')).to.deep.equal(['refusal'])
      const [result] = await store.acceptMany([acceptanceOf({ senderRef: 'R1' })])
      expect(result?.kind).to.equal('accepted')
    }))
})
