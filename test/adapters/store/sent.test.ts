import { expect } from 'chai'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, claimOne, deliveryOf, endingOf, recordWith, t0 } from './builders.ts'

const actions = ['dossier.progress']

forEachEngine('what a body has sent', (engine) => {
  it('is listed newest first, with where it stands at each recipient', () =>
    withStore(engine, async ({ store }) => {
      const first = acceptanceOf({ recipients: ['B01', 'B02'], payload: { So: 1 } })
      const second = acceptanceOf({ receivedAt: t0 + 1000, payload: { So: 2 } })
      await store.acceptMany([first, second, acceptanceOf({ sender: 'A02' })])
      const id = deliveryOf(first)
      await recordWith(store, [endingOf(id, await claimOne(store, id))])
      const found = await store.sentBy({ senders: ['A01'], actions })
      expect(found.map(({ message }) => message.payload)).to.deep.equal([{ So: 2 }, { So: 1 }])
      expect(
        found[1]?.deliveries.map(({ recipient, state, settledAt }) => [recipient, state, settledAt !== null]),
      ).to.deep.equal([
        ['B01', 'delivered', true],
        ['B02', 'due', false],
      ])
    }))

  it('is narrowed by id, time, sender and action', () =>
    withStore(engine, async ({ store }) => {
      const [one, other] = [acceptanceOf(), acceptanceOf({ receivedAt: t0 + 1000 })]
      await store.acceptMany([one, other])
      const count = async (query: Partial<Parameters<typeof store.sentBy>[0]>) =>
        (await store.sentBy({ senders: ['A01'], actions, ...query })).length
      expect(await count({ messageId: one.message.id })).to.equal(1)
      expect(await count({ messageId: one.message.id, senders: ['A02'] })).to.equal(0)
      expect(await count({ messageId: 'no-id' })).to.equal(0)
      expect([await count({ since: t0 + 1 }), await count({ before: t0 + 1 })]).to.deep.equal([1, 1])
      expect([await count({ actions: ['payment.result'] }), await count({ actions: [] })]).to.deep.equal([
        0, 0,
      ])
    }))
})
