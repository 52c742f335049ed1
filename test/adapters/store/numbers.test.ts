import { expect } from 'chai'
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
})
