import { expect } from 'chai'
import { verifyChain } from '../../../adapters/store/verify-chain.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, claimOne, deliveryOf, endingOf, receiptOf, recordWith, statesOf } from './builders.ts'

forEachEngine('outcomes after the delivery', (engine) => {
  it('of two processes that are told different things, the first holds, and one receipt is written', () =>
    withStore(engine, async ({ store, connect, database }) => {
      const other = await connect('w2')
      const acceptances = Array.from({ length: 12 }, () => acceptanceOf())
      await store.acceptMany(acceptances)
      for (const acceptance of acceptances) {
        const id = deliveryOf(acceptance)
        await recordWith(store, [endingOf(id, await claimOne(store, id))])
      }
      const wordOf = (state: 'processed' | 'refused') =>
        acceptances.map((acceptance) => ({
          deliveryId: deliveryOf(acceptance),
          state,
          receipt: receiptOf({
            kind: state,
            messageId: acceptance.message.id,
            deliveryId: deliveryOf(acceptance),
          }),
        }))
      const [one, two] = await Promise.all([
        store.settleMany(wordOf('processed')),
        other.settleMany([...wordOf('refused')].reverse()),
      ])
      const second = [...two].reverse()
      for (const [index, acceptance] of acceptances.entries()) {
        const state = (await statesOf(store, acceptance))['B01']
        expect([one[index]?.settled, second[index]?.settled].filter(Boolean)).to.deep.equal([true])
        expect([one[index]?.state, second[index]?.state]).to.include(state)
        const receipts = (await store.findMessage(acceptance.message.id))?.receipts ?? []
        expect(receipts.map(({ receipt }) => receipt.kind)).to.have.members(['accepted', state])
      }
      for (const writer of ['w1/outcome', 'w2/outcome'])
        expect((await verifyChain(database.knex, writer)).brokenAt).to.equal(null)
    }))

  it('touch no delivery that is not taken, and none twice', () =>
    withStore(engine, async ({ store }) => {
      const acceptance = acceptanceOf()
      await store.acceptMany([acceptance])
      const deliveryId = deliveryOf(acceptance)
      const word = (state: 'processed' | 'refused') => ({
        deliveryId,
        state,
        receipt: receiptOf({ kind: state, messageId: acceptance.message.id, deliveryId }),
      })
      expect(await store.settleMany([word('processed')])).to.deep.equal([{ settled: false, state: 'due' }])
      await recordWith(store, [endingOf(deliveryId, await claimOne(store, deliveryId))])
      expect(await store.settleMany([word('refused'), word('processed')])).to.deep.equal([
        { settled: true, state: 'refused' },
        { settled: false, state: 'refused' },
      ])
    }))
})
