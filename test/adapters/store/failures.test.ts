import { expect } from 'chai'
import { toPortError } from '../../../adapters/store/failures.ts'
import { forEachEngine, connectTestStore, withStore } from '../../support/database.ts'
import { freePort, withTempDir } from '../../support/processes.ts'
import { acceptanceOf } from './builders.ts'

const failureOf = (act: Promise<unknown>): Promise<unknown> =>
  act.then(
    () => 'no error',
    (error: unknown) => error,
  )

forEachEngine('a store in trouble', (engine) => {
  it('answers to a ping, again and again', () =>
    withStore(engine, async ({ store, connect, database: { knex } }) => {
      const other = await connect('w2')
      await Promise.all([store.ping(), other.ping(), store.ping()])
      await store.ping()
      expect((await knex('heartbeat').pluck('writer')).toSorted()).to.deep.equal(['w1', 'w2'])
    }))

  it('puts no values into the text or the fields of an error', () =>
    withStore(engine, async ({ store, database: { knex } }) => {
      await knex.schema.renameTable('message', 'away')
      const error = await failureOf(store.acceptMany([acceptanceOf({ senderRef: 'Ma-Dinh-Danh-77' })]))
      await knex.schema.renameTable('away', 'message')
      expect(error).to.be.instanceOf(Error)
      const text = JSON.stringify(error, Object.getOwnPropertyNames(error))
      expect(text).to.include('message')
      expect(text).not.to.include('Ma-Dinh-Danh-77')
    }))

  it('loses nothing but the act in hand when the connections are killed', async function () {
    if (engine === 'sqlite')
      return expect(toPortError(Object.assign(new Error(), { errcode: 10 }))).to.have.property(
        'code',
        'unavailable',
      )
    return withStore(engine, async ({ store, database: { knex } }) => {
      await store.acceptMany([acceptanceOf()])
      const [own] = (await knex.raw('SELECT connection_id() AS id, database() AS name')) as [
        [{ id: number; name: string }],
      ]
      const sql = 'SELECT id FROM information_schema.processlist WHERE db = ? AND id <> ?'
      const [others] = (await knex.raw(sql, [own[0].name, own[0].id])) as [{ id: number }[]]
      for (const { id } of others) await knex.raw(`KILL ${id}`)
      const results: unknown[] = []
      for (let i = 0; i < 3; i += 1) results.push(await failureOf(store.acceptMany([acceptanceOf()])))
      for (const result of results)
        if (result instanceof Error) expect(result).to.have.property('code', 'unavailable')
      expect(results.at(-1)).to.equal('no error')
    })
  })
})

describe('a store that cannot be reached', () => {
  it('is unavailable', async () => {
    const port = await freePort()
    const error = await failureOf(connectTestStore(`mysql://root@127.0.0.1:${port}/none`, 'w1'))
    expect(error).to.have.property('code', 'unavailable')
  })

  it('is unavailable where its file is a folder', () =>
    withTempDir(async (dir) => {
      expect(await failureOf(connectTestStore(`sqlite:${dir}`, 'w1'))).to.have.property('code', 'unavailable')
    }))

  it('refuses an address of another kind', async () => {
    expect(await failureOf(connectTestStore('postgres://x', 'w1'))).to.be.instanceOf(TypeError)
  })
})
