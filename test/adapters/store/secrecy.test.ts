import { readdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect } from 'chai'
import { connectStore } from '../../../adapters/store/connect.ts'
import { tableNames } from '../../../adapters/store/migrations/index.ts'
import type { Database } from '../../../adapters/store/database.ts'
import { forEachEngine, readPayload, withStore } from '../../support/database.ts'
import { acceptanceOf, claimOne, deliveryOf, endingOf, leaseOf, recordWith } from './builders.ts'

const marker = 'Nguyen-Thi-Dau-Vet-0123456789'

/** All that the database holds, as bytes: every row of every table, and on SQLite the files themselves. */
async function everything({ engine, knex }: Database, url: string): Promise<Buffer> {
  const rows = await Promise.all(tableNames.map((table) => knex(table).select()))
  const parts = rows.flat().flatMap((row: object) => Object.values(row) as unknown[])
  const bytes = parts.map((value) =>
    value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(String(value)),
  )
  if (engine === 'mysql') return Buffer.concat(bytes)
  const dir = dirname(url.slice('sqlite:'.length))
  const files = await Promise.all((await readdir(dir)).map((name) => readFile(`${dir}/${name}`)))
  return Buffer.concat([...bytes, ...files])
}

forEachEngine('what lies in the database', (engine) => {
  it('holds no plaintext of a payload', () =>
    withStore(engine, async ({ store, database, url }) => {
      const sent = acceptanceOf({ payload: { HoTen: marker }, senderRef: 'found-by-the-same-search' })
      await store.acceptMany([sent])
      const owner = await claimOne(store, deliveryOf(sent))
      await recordWith(store, [endingOf(deliveryOf(sent), owner)])
      const bytes = await everything(database, url)
      expect(bytes.includes('found-by-the-same-search')).to.equal(true)
      for (const form of [
        marker,
        Buffer.from(marker).toString('base64').slice(2, 30),
        Buffer.from(marker).toString('hex'),
      ]) {
        expect(bytes.includes(form)).to.equal(false)
      }
    }))

  it('opens in its own row only: an original that was moved is left out, its neighbours are not', () =>
    withStore(engine, async ({ store, database: { knex } }) => {
      const batch = [acceptanceOf({ payload: { n: 1 } }), acceptanceOf({ payload: { n: 2 } })]
      await store.acceptMany(batch)
      const idOf = (i: number) => Buffer.from(batch[i]!.message.id.replaceAll('-', ''), 'hex')
      const other = await knex<{ id: Buffer; original: Buffer }>('message_original')
        .where('id', idOf(1))
        .first()
      await knex('message_original')
        .where('id', idOf(0))
        .update({ original: Buffer.from(other!.original) })
      const claimed = await store.claimMany(
        batch.map((one) => deliveryOf(one)),
        leaseOf('w'),
      )
      expect(claimed.map(({ message }) => message.payload)).to.deep.equal([{ n: 2 }])
      const swept = await store.sweepClaims(leaseOf('w').until, {
        maxClaims: 1,
        repeatable: () => true,
        askAfterSeconds: () => 0,
        limit: 9,
      })
      expect(swept.map(({ state }) => state)).to.deep.equal(['parked', 'parked'])
    }))

  it('stays closed to a process without the master key, which says so', () =>
    withStore(engine, async ({ store, url }) => {
      const sent = acceptanceOf()
      await store.acceptMany([sent])
      const stranger = await connectStore({
        url,
        masterKeys: { current: 'k2', keys: new Map() },
        writer: 'w2',
        readOriginal: readPayload,
      })
      const error: unknown = await stranger
        .claimMany([deliveryOf(sent)], leaseOf('w'))
        .catch((cause: unknown) => cause)
      await stranger.close()
      expect(error).to.have.property('code', 'internal')
    }))
})
