import { expect } from 'chai'
import { v7 } from 'uuid'
import { auditEntry } from '../../../schemas/audit.ts'
import { forEachEngine, withStore } from '../../support/database.ts'

const caller = {
  credentialId: 'c1',
  person: null,
  agency: 'H49',
  roles: ['agency-admin' as const],
  method: 'key' as const,
}
const contacts = {
  technical: [{ name: 'Lê Văn Mẫu', email: 'mau@h49.test', phone: '0900 000 001' }],
  business: [],
  reconciliation: [],
}
const audit = () => [
  auditEntry(caller, { act: 'contact.update', object: 'H49', body: 'H49' }, { id: v7(), at: 1 }),
]

forEachEngine('contacts', (engine) => {
  it('come back as they were given, and lie encrypted in a row of their own', () =>
    withStore(engine, async ({ store, database }) => {
      expect(await store.findContacts('H49')).to.equal(null)
      await store.replaceContacts('H49', contacts, audit())
      expect(await store.findContacts('H49')).to.deep.equal(contacts)
      expect(await store.listAudit({ limit: 5 })).to.have.lengthOf(1)
      const row = await database.knex<{ sealed: Buffer }>('agency_contact').first()
      expect(row?.sealed.toString('latin1')).not.to.match(/0900|h49\.test/)
    }))

  it('open in the row of their own body only', () =>
    withStore(engine, async ({ store, database }) => {
      await store.replaceContacts('H49', contacts, audit())
      await database.knex('agency_contact').update({ agency: 'H50' })
      const failed = await store.findContacts('H50').catch((error: unknown) => error)
      expect(failed).to.include({ code: 'undecryptable' })
    }))

  it('are replaced by several at once without a fault', () =>
    withStore(engine, async ({ store, connect }) => {
      const other = await connect('w2')
      await Promise.all(
        [store, other, store, other].map((each) => each.replaceContacts('H49', contacts, audit())),
      )
      expect(await store.findContacts('H49')).to.deep.equal(contacts)
      expect(await store.listAudit({ limit: 9 })).to.have.lengthOf(4)
    }))
})
