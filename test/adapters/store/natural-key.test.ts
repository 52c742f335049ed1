import { expect } from 'chai'
import fc from 'fast-check'
import type { AcceptResult } from '../../../adapters/store/store.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf } from './builders.ts'

const wishOf = (naturalKey: string, content: string) => ({
  naturalKey,
  payload: { MaHoSo: naturalKey, NoiDung: content },
})
const pushOf = (naturalKey: string, content: string) => acceptanceOf(wishOf(naturalKey, content))
const kinds = (results: readonly AcceptResult[]) => results.map(({ kind }) => kind)

forEachEngine('natural keys', (engine) => {
  it('tell the last content again, whatever its reference; a return to older content is new', () =>
    withStore(engine, async ({ store }) => {
      const first = pushOf('H49-1', 'A')
      expect(kinds(await store.acceptMany([first]))).to.deep.equal(['accepted'])
      const [again] = await store.acceptMany([pushOf('H49-1', 'A')])
      expect(again).to.deep.include({ kind: 'repeat', messageId: first.message.id, receipt: first.receipt })
      expect(kinds(await store.acceptMany([pushOf('H49-1', 'B')]))).to.deep.equal(['accepted'])
      expect(kinds(await store.acceptMany([pushOf('H49-1', 'A')]))).to.deep.equal(['accepted'])
    }))

  it('refuse what must be new where other content came before, and tell the same content again', () =>
    withStore(engine, async ({ store }) => {
      const create = (content: string) => acceptanceOf({ ...wishOf('H49-2', content), mustBeNew: true })
      const first = create('A')
      expect(await store.latestUnder(first.naturalKey ?? Buffer.alloc(0))).to.equal(null)
      expect(kinds(await store.acceptMany([first]))).to.deep.equal(['accepted'])
      expect(await store.latestUnder(first.naturalKey ?? Buffer.alloc(0))).to.deep.include({
        messageId: first.message.id,
      })
      expect(kinds(await store.acceptMany([create('A')]))).to.deep.equal(['repeat'])
      expect(kinds(await store.acceptMany([create('B')]))).to.deep.equal(['conflict'])
    }))

  it('are settled within a batch as they are one by one', () =>
    withStore(engine, async ({ store }) => {
      let run = 0
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.constantFrom('x', 'y'), fc.constantFrom('A', 'B')), {
            minLength: 1,
            maxLength: 8,
          }),
          async (pushes) => {
            run += 1
            const keyed = (name: string) =>
              pushes.map(([key, content]) => pushOf(`${name}-${run}-${key}`, content))
            const together = kinds(await store.acceptMany(keyed('batch')))
            const apart: string[] = []
            for (const push of keyed('single')) apart.push(...kinds(await store.acceptMany([push])))
            expect(together).to.deep.equal(apart)
          },
        ),
        { numRuns: 25 },
      )
    }))

  it('take equal pushes of several processes as one message', () =>
    withStore(engine, async ({ store, connect }) => {
      const other = await connect('w2')
      const racing = Array.from({ length: 8 }, (_, n) =>
        (n % 2 === 0 ? store : other).acceptMany([pushOf('race', 'A')]),
      )
      const results = (await Promise.all(racing)).flat()
      expect(kinds(results).filter((kind) => kind === 'accepted')).to.have.lengthOf(1)
      expect(new Set(results.flatMap((one) => ('messageId' in one ? [one.messageId] : [])))).to.have.lengthOf(
        1,
      )
    }))
})
