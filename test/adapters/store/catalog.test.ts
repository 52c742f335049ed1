import { expect } from 'chai'
import type { Store } from '../../../adapters/store/store.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, t0 } from './builders.ts'

const changesOf = (...codes: readonly string[]) =>
  codes.map((code) => ({ catalog: 'unit', code, op: 'upsert' as const, body: { Ten: `Đơn vị ${code}` } }))

forEachEngine('catalogues', (engine) => {
  it('number their changes in the order of acceptance', () =>
    withStore(engine, async ({ store }) => {
      await store.acceptMany([
        acceptanceOf({ catalogChanges: changesOf('A', 'B') }),
        acceptanceOf({
          catalogChanges: [{ catalog: 'unit', code: 'A', op: 'remove', body: null }],
          receivedAt: t0 + 1,
        }),
        acceptanceOf({ catalogChanges: [{ catalog: 'other', code: 'A', op: 'upsert', body: [1] }] }),
      ])
      expect(await store.catalogChanges('unit', 0, 10)).to.deep.equal([
        { cursor: 1, code: 'A', op: 'upsert', body: { Ten: 'Đơn vị A' }, at: t0 },
        { cursor: 2, code: 'B', op: 'upsert', body: { Ten: 'Đơn vị B' }, at: t0 },
        { cursor: 3, code: 'A', op: 'remove', body: null, at: t0 + 1 },
      ])
      expect(await store.catalogChanges('unit', 1, 1)).to.have.lengthOf(1)
      expect(await store.catalogChanges('unit', 3, 10)).to.deep.equal([])
      expect((await store.catalogChanges('other', 0, 10))[0]).to.deep.include({ cursor: 1, body: [1] })
    }))

  it('never let a reader that follows the cursor miss a late commit', () =>
    withStore(engine, async ({ store, connect }) => {
      const writers = [await connect('w2'), await connect('w3'), await connect('w4')]
      const rounds = engine === 'mysql' ? 25 : 6
      let writing = true
      const write = async (writer: Store, name: number) => {
        for (let i = 0; i < rounds; i += 1) {
          await writer.acceptMany([
            acceptanceOf({ catalogChanges: changesOf(`${name}-${i}-a`, `${name}-${i}-b`) }),
          ])
        }
      }
      const seen: number[] = []
      const follow = async () => {
        for (let more = true; more;) {
          const last = !writing
          const page = await store.catalogChanges('unit', seen.at(-1) ?? 0, 7)
          seen.push(...page.map(({ cursor }) => cursor))
          more = !last || page.length > 0
        }
      }
      const following = follow()
      await Promise.all(writers.map(write))
      writing = false
      await following
      expect(seen).to.deep.equal(Array.from({ length: rounds * writers.length * 2 }, (_, i) => i + 1))
    }))
})
