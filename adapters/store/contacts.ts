import { Contacts } from '../../schemas/contacts.ts'
import { insertAudit } from './audit.ts'
import { insertRows } from './database.ts'
import type { Database } from './database.ts'
import { isContention, isDuplicate } from './failures.ts'
import type { ContactStore } from './ports/contacts.ts'
import { retryTransaction } from './retry-transaction.ts'

export interface ContactDeps extends Pick<Database, 'knex'> {
  /** Encrypts, and opens, a value for the row of this name. */
  readonly seal: (plain: Uint8Array, row: string) => Buffer
  readonly open: (sealed: Uint8Array, row: string) => Buffer
}

interface ContactRow {
  readonly agency: string
  readonly sealed: Uint8Array
}

const rowName = (agency: string): string => `contact:${agency}`

export const createContacts = ({ knex, seal, open }: ContactDeps): ContactStore => ({
  async findContacts(agency) {
    const row = await knex<ContactRow>('agency_contact').where({ agency }).first()
    if (row === undefined) return null
    return Contacts.parse(JSON.parse(open(row.sealed, rowName(agency)).toString('utf8')))
  },
  async replaceContacts(agency, contacts, audit) {
    const sealed = seal(Buffer.from(JSON.stringify(contacts)), rowName(agency))
    await retryTransaction(
      knex,
      async (trx) => {
        await trx('agency_contact').where({ agency }).delete()
        await insertRows(trx, 'agency_contact', [{ agency, sealed }])
        await insertAudit(trx, audit)
      },
      (error) => isContention(error) || isDuplicate(error), // two that replace what was not there yet
    )
  },
})
