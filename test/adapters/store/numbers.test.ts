import { expect } from 'chai'
import { v7 as uuidv7 } from 'uuid'
import { forEachEngine, withStore } from '../../support/database.ts'

forEachEngine('numbers', (engine) => {
  it('count each series from 1, and go on where another process stopped', () =>
    withStore(engine, async ({ store, connect }) => {
      expect(await store.nextNumber('H49-2026')).to.equal(1)
      expect(await store.nextNumber('H49.05-2026')).to.equal(1)
      const other = await connect('w2')
      expect(await other.nextNumber('H49-2026')).to.equal(2)
      expect(await store.nextNumber('H49-2026')).to.equal(3)
    }))

  it('are never the same for two that ask at once, not even for the first of a series', () =>
    withStore(engine, async ({ store, connect }) => {
      const writers = [store, await connect('w2'), await connect('w3')]
      const rounds = engine === 'mysql' ? 20 : 5
      const drawn = await Promise.all(
        writers.map(async (writer) => {
          const mine: number[] = []
          for (let i = 0; i < rounds; i += 1) mine.push(await writer.nextNumber('G09.20-2026'))
          return mine
        }),
      )
      const all = drawn.flat().sort((a, b) => a - b)
      expect(all).to.deep.equal(Array.from({ length: writers.length * rounds }, (_, at) => at + 1))
    }))

  for (const last of [0, 2 ** 31 - 2, 2 ** 53 - 1_000])
    it(`name deliveries from ${last + 1} on: one number each, the same each time, and back to its delivery`, () =>
      withStore(engine, async ({ store, connect, database: { knex } }) => {
        await knex('number_series').insert({ series: 'delivery', last_number: last })
        const ids = Array.from({ length: 5 }, () => uuidv7())
        const other = await connect('w2')
        const [numbers, same] = await Promise.all([store.numberDeliveries(ids), other.numberDeliveries(ids)])
        expect([...numbers]).to.have.deep.members([...same])
        expect([...numbers.values()].sort((a, b) => a - b)).to.deep.equal(ids.map((_, at) => last + 1 + at))
        const more = await store.numberDeliveries([...ids, uuidv7()])
        expect([...more.values()]).to.include.members([...numbers.values(), last + 6])
        for (const [id, number] of numbers) expect(await other.findNumbered(number)).to.equal(id)
        expect(await store.findNumbered(last + 100)).to.equal(null)
        const sent = [uuidv7(), uuidv7()]
        const [messages, again] = await Promise.all([store.numberMessages(sent), other.numberMessages(sent)])
        expect(
          [...messages.values()].sort((a, b) => a - b),
          'of messages too',
        ).to.deep.equal([last + 7, last + 8])
        expect([...again]).to.have.deep.members([...messages])
        for (const number of messages.values()) expect(await store.findNumbered(number)).to.equal(null)
      }))
})
