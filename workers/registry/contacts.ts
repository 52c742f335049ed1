import type { Store } from '../../adapters/store/store.ts'
import type { Caller } from '../../schemas/agency.ts'
import { auditEntry, type Act, type AuditEntry } from '../../schemas/audit.ts'
import type { Contacts } from '../../schemas/contacts.ts'
import type { Directory } from '../directory.ts'
import { assertInSight } from '../sight.ts'
import { newId } from '../../signing/new-id.ts'

export interface ContactsOf {
  find(caller: Caller, code: string): Promise<Contacts>
  replace(caller: Caller, code: string, contacts: Contacts): Promise<Contacts>
}

const nobody: Contacts = { technical: [], business: [], reconciliation: [] }

/**
 * The people behind a body, kept by the body itself or the admin. Personal data: a look by anybody from outside the body is audited before
 * it is answered; the audit says how many there are, never who.
 */
export function createContactsOf(deps: {
  readonly store: Pick<Store, 'findContacts' | 'replaceContacts' | 'recordAudit'>
  readonly directory: () => Directory
  readonly now: () => number
}): ContactsOf {
  const { store, directory, now } = deps
  const entry = (caller: Caller, act: Act): AuditEntry => auditEntry(caller, act, { id: newId(), at: now() })

  return {
    async find(caller, code) {
      assertInSight(caller, code, directory())
      if (caller.agency !== code)
        await store.recordAudit([entry(caller, { act: 'contact.read', object: code, body: code })])
      return (await store.findContacts(code)) ?? nobody
    },
    async replace(caller, code, contacts) {
      assertInSight(caller, code, directory())
      const before = countsOf((await store.findContacts(code)) ?? nobody)
      const act = { act: 'contact.update', object: code, body: code, before, after: countsOf(contacts) }
      await store.replaceContacts(code, contacts, [entry(caller, act)])
      return contacts
    },
  }
}

const countsOf = ({ technical, business, reconciliation }: Contacts) => ({
  technical: technical.length,
  business: business.length,
  reconciliation: reconciliation.length,
})
