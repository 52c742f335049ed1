import { expect } from 'chai'
import fc from 'fast-check'
import { randomUUID } from 'node:crypto'
import { v7 } from 'uuid'
import { toUuid } from '../../../adapters/store/ids.ts'
import type { ListPage, MessageQuery, Whose } from '../../../adapters/store/ports/listing.ts'
import { placeOf } from '../../../adapters/store/pages.ts'
import type { Store } from '../../../adapters/store/store.ts'
import { forEachEngine, withStore } from '../../support/database.ts'
import { acceptanceOf, receiptOf } from './builders.ts'

/** Reads a list to its end. */
async function readAll<T>(read: (since: string | undefined) => Promise<ListPage<T>>, from?: string) {
  const items: T[] = []
  let since = from
  for (;;) {
    const page = await read(since)
    items.push(...page.items)
    if (page.next === null) return { items, cursor: page.cursor }
    since = page.next
  }
}

const idsOf = async (store: Store, query: Partial<MessageQuery> = {}, from?: string) => {
  const { items, cursor } = await readAll(
    (since) => store.listMessages({ whose: 'all', max: 7, ...query, since }),
    from,
  )
  return { ids: items.map(({ message }) => message.id), cursor }
}

forEachEngine('lists by cursor', (engine) => {
  it('show what was just accepted, in pages without gap or repeat, and go on where they ended', () =>
    withStore(engine, async ({ store }) => {
      const first = Array.from({ length: 20 }, () => acceptanceOf())
      await store.acceptMany(first)
      const read = await idsOf(store)
      expect(read.ids).to.have.members(first.map(({ message }) => message.id))
      expect(new Set(read.ids).size).to.equal(20)
      expect((await idsOf(store, {}, read.cursor)).ids).to.deep.equal([])
      const more = acceptanceOf()
      await store.acceptMany([more])
      expect((await idsOf(store, {}, read.cursor)).ids).to.deep.equal([more.message.id])
    }))

  it('miss nothing while four writers and two readers are at work', () =>
    withStore(engine, async ({ store, connect }) => {
      const writers = [store, await connect('w2'), await connect('w3'), await connect('w4')]
      const written: string[] = []
      let isWriting = true
      const write = async (writer: Store): Promise<void> => {
        for (let round = 0; round < 12; round += 1) {
          const batch = Array.from({ length: 1 + (round % 4) }, () => acceptanceOf())
          await writer.acceptMany(batch)
          written.push(...batch.map(({ message }) => message.id))
        }
      }
      const follow = async (reader: Store): Promise<readonly string[]> => {
        const seen: string[] = []
        let since: string | undefined
        for (;;) {
          const isLast = !isWriting
          const { ids, cursor } = await idsOf(reader, {}, since)
          seen.push(...ids)
          since = cursor
          if (isLast) return seen
        }
      }
      const reading = [await connect('r1'), await connect('r2')].map(follow)
      await Promise.all(writers.map(write))
      isWriting = false
      for (const seen of await Promise.all(reading)) {
        expect(seen, 'each once').to.have.lengthOf(written.length)
        expect(new Set(seen)).to.deep.equal(new Set(written))
      }
    })).timeout(60_000)

  if (engine === 'mysql')
    it('do not pass by what a slower writer, which began before, commits later', () =>
      withStore(engine, async ({ store, database: { knex } }) => {
        const late = Buffer.from(v7().replaceAll('-', ''), 'hex')
        const fast = acceptanceOf()
        await store.acceptMany([fast])
        const slow = await knex.transaction()
        const head = (await slow('listing_head').forShare().first()) as { epoch: number }
        const row = (await knex('message').first()) as object
        const page = await store.listMessages({ whose: 'all', max: 50 })
        expect(page.items, 'the epoch cannot end while the slow one is under way').to.deep.equal([])
        await slow('message').insert({ ...row, id: late, epoch: head.epoch })
        await slow.commit()
        expect((await idsOf(store, {}, page.cursor)).ids).to.have.members([fast.message.id, toUuid(late)])
      })).timeout(30_000)

  it('narrow by body, direction, subject, family, action and state', () =>
    withStore(engine, async ({ store }) => {
      const sent = acceptanceOf({ sender: 'H49', recipients: ['G22'], subjectKey: 'H49-1' })
      const other = acceptanceOf({ sender: 'G22', recipients: ['H49'], subjectKey: 'H49-2' })
      const foreign = acceptanceOf({ sender: 'G22', recipients: ['G03'], subjectKey: 'H49-1' })
      await store.acceptMany([sent, other, foreign])
      const ids = async (query: Partial<MessageQuery>) =>
        (await idsOf(store, { whose: ['H49', 'H49.05'], ...query })).ids
      expect(await ids({})).to.have.members([sent.message.id, other.message.id])
      expect(await ids({ direction: 'sent' })).to.deep.equal([sent.message.id])
      expect(await ids({ direction: 'received' })).to.deep.equal([other.message.id])
      expect(await ids({ subjectKey: 'H49-1' })).to.deep.equal([sent.message.id])
      expect(await ids({ whose: 'all', subjectKey: 'H49-1' })).to.have.members([
        sent.message.id,
        foreign.message.id,
      ])
      expect(await ids({ subjectKey: 'H49-1', direction: 'received' })).to.deep.equal([])
      expect(await ids({ subjectKey: 'H49-1 ' })).to.deep.equal([])
      expect(await ids({ family: sent.message.family })).to.have.lengthOf(2)
      expect(await ids({ family: 'none' })).to.deep.equal([])
      expect(await ids({ action: 'none' })).to.deep.equal([])
      expect(await ids({ state: 'accepted' })).to.have.lengthOf(2)
      expect(await ids({ state: 'processed' })).to.deep.equal([])
      expect(await ids({ whose: [] })).to.deep.equal([])
    }))

  it('list refusals by the body that had sent, and find receipts and originals', () =>
    withStore(engine, async ({ store }) => {
      const refusal = (sender: string) => receiptOf({ kind: 'refusal', messageId: randomUUID(), sender })
      const own = [refusal('H49'), refusal('H49'), refusal('H49')]
      await store.refuseMany([...own, refusal('G22')])
      const read = (whose: Whose) =>
        readAll((since) => store.listRefusals({ whose, max: 2, since })).then(({ items }) =>
          items.map(({ receipt }) => receipt.id),
        )
      expect(await read(['H49'])).to.have.members(own.map(({ receipt }) => receipt.id))
      expect(await read('all')).to.have.lengthOf(4)
      expect(await store.findReceipt(own[0]!.receipt.id)).to.deep.equal(own[0])
      for (const id of [randomUUID(), 'x']) {
        expect(await store.findReceipt(id)).to.equal(null)
        expect(await store.findOriginal(id)).to.equal(null)
      }
      const kept = acceptanceOf()
      await store.acceptMany([kept])
      expect(Buffer.from((await store.findOriginal(kept.message.id))!)).to.deep.equal(
        Buffer.from(kept.original),
      )
    }))

  it('tell of a repeat how its first stands', () =>
    withStore(engine, async ({ store }) => {
      const first = acceptanceOf()
      const again = { ...first, message: { ...first.message, id: randomUUID() } }
      const [, twin] = await store.acceptMany([first, again])
      expect(twin).to.deep.include({ kind: 'repeat', states: [] })
      const [later] = await store.acceptMany([again])
      expect(later).to.deep.include({ kind: 'repeat', states: ['due'] })
    }))
})

describe('the cursor of a list', () => {
  it('is read back, and anything else is the beginning', () => {
    fc.assert(
      fc.property(fc.nat(), fc.uint8Array({ minLength: 16, maxLength: 16 }), (epoch, id) => {
        const place = placeOf(`${epoch}-${Buffer.from(id).toString('hex')}`)
        expect([place.epoch, Buffer.from(place.id)]).to.deep.equal([epoch, Buffer.from(id)])
      }),
    )
    for (const none of [undefined, '', 'x', '1-', '-1-'.padEnd(34, '0')])
      expect(placeOf(none).epoch).to.equal(0)
  })
})
