import { expect } from 'chai'
import { migrations } from '../../../adapters/store/migrations/index.ts'
import { openDatabase } from '../../../adapters/store/open-database.ts'
import type { Database, Engine } from '../../../adapters/store/database.ts'
import { connectTestStore, forEachEngine, withDatabaseUrl } from '../../support/database.ts'
import { acceptanceOf, claimOne, deliveryOf } from './builders.ts'

const names = migrations.map(({ name }) => name)

async function withDatabase(
  engine: Engine,
  use: (database: Database, url: string) => Promise<void>,
): Promise<void> {
  await withDatabaseUrl(engine, async (url) => {
    const database = openDatabase(url)
    try {
      await use(database, url)
    } finally {
      await database.knex.destroy()
    }
  })
}

async function migrateAs(url: string, writer: string): Promise<void> {
  const store = await connectTestStore(url, writer)
  try {
    await store.migrate()
  } finally {
    await store.close()
  }
}

forEachEngine('migration', (engine) => {
  it('changes nothing the second time', () =>
    withDatabase(engine, async ({ knex }, url) => {
      const store = await connectTestStore(url, 'w1')
      await store.migrate()
      const sent = acceptanceOf()
      await store.acceptMany([sent])
      await store.migrate()
      await claimOne(store, deliveryOf(sent))
      await store.close()
      expect(await knex('migration').pluck('name')).to.deep.equal(names)
    }))

  it('is safe when several processes start at once', () =>
    withDatabase(engine, async ({ knex }, url) => {
      await Promise.all(['w1', 'w2', 'w3', 'w4'].map((writer) => migrateAs(url, writer)))
      expect(await knex('migration').pluck('name')).to.deep.equal(names)
    }))

  it('goes on where one that died half-way has stopped', () =>
    withDatabase(engine, async ({ knex }, url) => {
      await migrateAs(url, 'w1')
      await knex('migration').delete()
      await knex.schema.dropTable('evidence')
      await knex.schema.createTable('new_evidence', (table) => table.integer('half_made'))
      await migrateAs(url, 'w2')
      const store = await connectTestStore(url, 'w3')
      await store.acceptMany([acceptanceOf()])
      await store.close()
      expect(await knex.schema.hasTable('new_evidence')).to.equal(false)
      expect(await knex('evidence').pluck('writer')).to.deep.equal(['w3/accept'])
    }))
})
