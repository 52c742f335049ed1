import { expect } from 'chai'
import { v7 as uuidv7 } from 'uuid'
import { auditEntry } from '../../../schemas/audit.ts'
import type { SecretDates } from '../../../schemas/secret.ts'
import { forEachEngine, withStore, type LentStore } from '../../support/database.ts'

const caller = {
  credentialId: 'c1',
  person: 'Nguyễn Văn Thử',
  agency: null,
  roles: ['admin' as const],
  method: 'key' as const,
}
const minute = 60_000

const audit = (before: readonly SecretDates[], after: readonly SecretDates[]) =>
  auditEntry(
    caller,
    { act: 'secret.put', object: 'H49/webhook', body: 'H49', before: before.length, after: after.length },
    { id: uuidv7(), at: 1 },
  )

interface Given {
  readonly overlapMs?: number
  readonly name?: string
}

function put({ store }: LentStore, value: string, at: number, given: Given = {}) {
  const { overlapMs = minute, name = 'webhook' } = given
  const secret = { id: uuidv7(), agency: 'H49', name, value, validFrom: at, validTo: null }
  return store.putSecret(secret, { now: at, formerUntil: at + overlapMs, most: 3, audit })
}

const values = async ({ store }: LentStore) => (await store.loadSecrets()).secrets.map(({ value }) => value)

forEachEngine('secrets of bodies', (engine) => {
  it('keeps the values that overlap, newest first, and ends the earlier ones', () =>
    withStore(engine, async (lent) => {
      await put(lent, 'mật khẩu 1', 1_000)
      const dates = await put(lent, 'mật khẩu 2', 2_000)
      expect(dates.map(({ name, validFrom, validTo }) => [name, validFrom, validTo])).to.deep.equal([
        ['webhook', 2_000, null],
        ['webhook', 1_000, 2_000 + minute],
      ])
      expect(await values(lent)).to.deep.equal(['mật khẩu 2', 'mật khẩu 1'])
      expect(await lent.store.listSecrets('H49', 2_000 + minute)).to.have.lengthOf(1)
      expect(JSON.stringify(dates)).not.to.contain('mật khẩu')
    }))

  it('does not lengthen the life of a value that was to end sooner, and keeps so many at most', () =>
    withStore(engine, async (lent) => {
      await put(lent, 'value 1', 1_000)
      await put(lent, 'value 2', 2_000, { overlapMs: 10 })
      const dates = await put(lent, 'value 3', 2_005)
      expect(dates.map(({ validTo }) => validTo)).to.deep.equal([null, 2_005 + minute, 2_010])
      await put(lent, 'value 4', 2_006)
      expect(await values(lent)).to.deep.equal(['value 4', 'value 3', 'value 2'])
      await put(lent, 'value 5', 3_000, { overlapMs: 0 })
      expect(await values(lent), 'at once').to.deep.equal(['value 5'])
    }))

  it('changes nothing when the newest value is put again', () =>
    withStore(engine, async (lent) => {
      await put(lent, 'value 1', 1_000)
      expect(await put(lent, 'value 1', 5_000)).to.have.lengthOf(1)
      expect(await lent.store.listAudit({ limit: 10 })).to.have.lengthOf(1)
    }))

  it('stores no value in the clear, and opens none in another place', () =>
    withStore(engine, async (lent) => {
      const { database, store } = lent
      await put(lent, 'a value to find', 1_000)
      const [row] = (await database.knex('agency_secret').select()) as { value: Uint8Array }[]
      expect(Buffer.from(row!.value).includes('a value to find')).to.equal(false)
      await put(lent, 'another value', 1_000, { name: 'password' })
      await database.knex('agency_secret').where({ name: 'webhook' }).update({ agency: 'H37' })
      expect((await store.loadSecrets()).secrets.map(({ name }) => name)).to.deep.equal(['password'])
    }))

  it('raises the version, and audits each change with it', () =>
    withStore(engine, async (lent) => {
      const { store } = lent
      await put(lent, 'value 1', 1_000)
      const version = await store.secretsVersion()
      await put(lent, 'value 2', 2_000)
      expect(await store.secretsVersion()).to.be.above(version)
      expect((await store.loadSecrets()).version).to.equal(await store.secretsVersion())
      expect(await store.dropSecret('H49', 'webhook', { now: 2_000, audit })).to.equal(true)
      expect(await store.dropSecret('H49', 'webhook', { now: 2_000, audit })).to.equal(false)
      expect(await values(lent)).to.deep.equal([])
      const entries = await store.listAudit({ limit: 10 })
      expect(entries.map(({ before, after }) => [before, after])).to.deep.equal([
        [2, 0],
        [1, 2],
        [0, 1],
      ])
    }))

  it('undoes a change whose entry cannot be written', () =>
    withStore(engine, async (lent) => {
      const secret = {
        id: uuidv7(),
        agency: 'H49',
        name: 'webhook',
        value: 'value 1',
        validFrom: 1,
        validTo: null,
      }
      const fails = () => {
        throw new Error('no entry')
      }
      const how = { now: 1, formerUntil: 1, most: 3, audit: fails }
      await lent.store.putSecret(secret, how).catch(() => undefined)
      expect(await values(lent)).to.deep.equal([])
    }))
})
