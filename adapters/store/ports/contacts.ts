import type { AuditEntry } from '../../../schemas/audit.ts'
import type { Contacts } from '../../../schemas/contacts.ts'

/** The people behind a body: personal data, encrypted at rest. */
export interface ContactStore {
  /** Null where none were ever given. */
  findContacts(agency: string): Promise<Contacts | null>
  /** Replaces the contacts of a body, with its audit, in one transaction. */
  replaceContacts(agency: string, contacts: Contacts, audit: readonly AuditEntry[]): Promise<void>
}
