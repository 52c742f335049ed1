import { expect } from 'chai'
import { verifyChain } from '../../../adapters/store/verify-chain.ts'
import { connectTestStore, forEachEngine, withDatabaseUrl, withStore } from '../../support/database.ts'
import { openDatabase } from '../../../adapters/store/open-database.ts'
import { acceptanceOf, claimOne, deliveryOf, endingOf, receiptOf, recordWith } from './builders.ts'

interface LinkRow {
  readonly writer: string
  readonly seq: number
  readonly receipt_id: Buffer
  readonly digest: Buffer
  readonly chain: Buffer
}

interface ReceiptRow {
  readonly id: Buffer
  readonly jws: string
}

forEachEngine('evidence', (engine) => {
  it('links every receipt of each act into a chain that holds', () =>
    withStore(engine, async ({ store, database: { knex } }) => {
      const sent = acceptanceOf()
      await store.acceptMany([sent, acceptanceOf()])
      await store.acceptMany([acceptanceOf()])
      const deliveryId = deliveryOf(sent)
      const receipts = [receiptOf({ kind: 'delivered', messageId: sent.message.id, deliveryId })]
      await recordWith(store, [endingOf(deliveryId, await claimOne(store, deliveryId), { receipts })])
      await store.refuseMany([receiptOf({ kind: 'refusal', messageId: sent.message.id })])
      for (const [chain, links] of [
        ['w1/accept', 3],
        ['w1/record', 1],
        ['w1/refuse', 1],
        ['nobody', 0],
      ] as const) {
        expect(await verifyChain(knex, chain), chain).to.deep.include({ links, brokenAt: null })
      }
      const view = await store.findMessage(sent.message.id)
      expect(view?.receipts.map(({ receipt }) => receipt.kind).toSorted()).to.deep.equal([
        'accepted',
        'delivered',
        'refusal',
      ])
    }))

  it('holds under concurrent acts of one process and of others', () =>
    withStore(engine, async ({ store, connect, database: { knex } }) => {
      const other = await connect('w2')
      const batches = Array.from({ length: 6 }, () => [acceptanceOf(), acceptanceOf()])
      await Promise.all(batches.map((batch, i) => (i % 3 === 0 ? other : store).acceptMany(batch)))
      expect(await verifyChain(knex, 'w1/accept')).to.deep.include({ links: 8, brokenAt: null })
      expect(await verifyChain(knex, 'w2/accept')).to.deep.include({ links: 4, brokenAt: null })
    }))

  it('goes on after a failed act as if that act had not been', () =>
    withStore(engine, async ({ store, database: { knex } }) => {
      const sent = acceptanceOf()
      await store.acceptMany([sent])
      const twin = { ...acceptanceOf(), message: { ...sent.message, action: 'x'.repeat(200), id: 'no id' } }
      let failed = false
      await store.acceptMany([twin]).catch(() => (failed = true))
      expect(failed).to.equal(true)
      await store.acceptMany([acceptanceOf()])
      expect(await verifyChain(knex, 'w1/accept')).to.deep.include({ links: 2, brokenAt: null })
    }))

  it('shows where a receipt was changed, a link removed or a link rewritten', () =>
    withStore(engine, async ({ store, database: { knex } }) => {
      await store.acceptMany([acceptanceOf(), acceptanceOf(), acceptanceOf(), acceptanceOf()])
      const brokenAt = async () => (await verifyChain(knex, 'w1/accept')).brokenAt
      const link = () => knex<LinkRow>('evidence').where({ writer: 'w1/accept', seq: 3 })
      const row = (await link().first())!
      const receipt = (await knex<ReceiptRow>('receipt').where('id', row.receipt_id).first())!
      await knex('receipt')
        .where('id', row.receipt_id)
        .update('jws', receiptOf({ kind: 'accepted', messageId: 'x' }).jws)
      expect(await brokenAt()).to.equal(3)
      await knex('receipt').where('id', row.receipt_id).update('jws', receipt.jws)
      expect(await brokenAt()).to.equal(null)
      await link().delete()
      expect(await brokenAt()).to.equal(3)
      await knex('evidence').insert({ ...row, digest: Buffer.alloc(32, 1) })
      expect(await brokenAt()).to.equal(3)
      await link().update({ digest: row.digest, chain: Buffer.alloc(32, 1) })
      expect(await brokenAt()).to.equal(3)
      await link().update({ chain: row.chain })
      expect(await brokenAt()).to.equal(null)
    }))

  it('has a head that gives a cut tail away to whoever kept it', () =>
    withStore(engine, async ({ store, database: { knex } }) => {
      await store.acceptMany([acceptanceOf(), acceptanceOf()])
      const kept = await verifyChain(knex, 'w1/accept')
      await knex('evidence').where({ writer: 'w1/accept', seq: 2 }).delete()
      const cut = await verifyChain(knex, 'w1/accept')
      expect(cut.brokenAt).to.equal(null)
      expect(cut.head).not.to.equal(kept.head)
    }))

  it('is taken up by the process that follows, and nothing that was accepted is lost', () =>
    withDatabaseUrl(engine, async (url) => {
      const first = await connectTestStore(url, 'w1')
      await first.migrate()
      const sent = [acceptanceOf({ subjectKey: 'H1' }), acceptanceOf({ subjectKey: 'H1' })]
      await first.acceptMany(sent)
      await claimOne(first, deliveryOf(sent[0]!))
      const torn = first.acceptMany([acceptanceOf(), acceptanceOf()]).catch(() => 'torn')
      await first.close()
      const lost = (await torn) === 'torn'
      const second = await connectTestStore(url, 'w1')
      const database = openDatabase(url)
      try {
        await second.acceptMany([acceptanceOf()])
        const { links, brokenAt } = await verifyChain(database.knex, 'w1/accept')
        expect({ links, brokenAt }).to.deep.equal({ links: lost ? 3 : 5, brokenAt: null })
        expect((await second.counts())['sending']).to.equal(1)
        expect((await second.acceptMany(sent)).map(({ kind }) => kind)).to.deep.equal(['repeat', 'repeat'])
      } finally {
        await database.knex.destroy()
        await second.close()
      }
    }))
})
