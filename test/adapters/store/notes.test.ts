import { expect } from 'chai'
import { forEachEngine, withStore } from '../../support/database.ts'

forEachEngine('notes on recipients', (engine) => {
  it('hold to the body and to the words of their thing, letter by letter', () =>
    withStore(engine, async ({ store, connect }) => {
      await store.keepNote('G09', ['IdHoSo', 'H49-1'], 'một')
      const other = await connect('w2')
      expect(await other.findNote('G09', ['IdHoSo', 'H49-1'])).to.equal('một')
      for (const [agency, ...thing] of [
        ['G22', 'IdHoSo', 'H49-1'],
        ['G09', 'idhoso', 'H49-1'],
        ['G09', 'IdHoSo', 'h49-1'],
        ['G09', 'IdHoSo-H49-1'],
      ] as const)
        expect(await store.findNote(agency, thing), thing.join()).to.equal(null)
    }))

  it('are replaced by the last, and kept once by two that begin at once', () =>
    withStore(engine, async ({ store, connect }) => {
      const writers = [store, await connect('w2'), await connect('w3')]
      await Promise.all(writers.map((writer, at) => writer.keepNote('G09', ['x'], `${at}`)))
      expect(['0', '1', '2']).to.include(await store.findNote('G09', ['x']))
      for (const note of ['hai', 'hai', 'ba']) await store.keepNote('G09', ['x'], note)
      expect(await store.findNote('G09', ['x'])).to.equal('ba')
    }))
})
