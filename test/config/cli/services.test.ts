import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { migrate } from '../../../adapters/store/migrate.ts'
import { openDatabase } from '../../../adapters/store/open-database.ts'
import { checkBroker, checkDatabase } from '../../../config/cli/doctor/services.ts'
import { forEachEngine, withDatabaseUrl } from '../../support/database.ts'
import { rabbitUrl, requireRabbit } from '../../support/rabbitmq.ts'

/** Lends the address of a user who may only read the database. */
async function withReader(url: string, use: (url: string) => Promise<void>): Promise<void> {
  const { knex } = openDatabase(url)
  const name = `lt_read_${randomBytes(4).toString('hex')}`
  const password = randomBytes(12).toString('hex')
  const { host, pathname } = new URL(url)
  try {
    await knex.raw(`CREATE USER ${name}@'%' IDENTIFIED BY '${password}'`)
    await knex.raw(`GRANT SELECT ON ${pathname.slice(1)}.* TO ${name}@'%'`)
    await use(`mysql://${name}:${password}@${host}${pathname}`)
  } finally {
    await knex.raw(`DROP USER IF EXISTS ${name}@'%'`)
    await knex.destroy()
  }
}

async function migrated(url: string): Promise<void> {
  const database = openDatabase(url)
  await migrate(database)
  await database.knex.destroy()
}

forEachEngine('doctor: database', (engine) => {
  it('is good when it is migrated', () =>
    withDatabaseUrl(engine, async (url) => {
      await migrated(url)
      const found = await checkDatabase({ DATABASE_URL: url })
      expect(found.map(({ state }) => state)).to.deep.equal(['ok', 'ok', 'ok'])
    }))

  if (engine === 'mysql')
    it('is bad for a user who may only read', () =>
      withDatabaseUrl(engine, async (url) => {
        await migrated(url)
        await withReader(url, async (DATABASE_URL) => {
          const found = await checkDatabase({ DATABASE_URL })
          const faults = found.filter(({ state }) => state === 'fault')
          expect(faults.map(({ text }) => text).join()).to.match(/not writable: ER_\w+_DENIED/)
        })
      }))
})

describe('doctor: broker', () => {
  it('names the product that answers', async function () {
    await requireRabbit(this)
    const [finding] = await checkBroker({ AMQP_URL: rabbitUrl })
    expect(finding).to.include({ state: 'ok' })
    expect(finding?.text).to.match(/^RabbitMQ \d/)
  })
})
